package burhan.task;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Countdown with three numbers: reach the target with each number used once. Solvable because the
 * target is computed from the numbers.
 *
 * <p>The trace is a whole search in at most three lines and the derivation it finds. A line
 * supposes which number comes last, restates the target, and writes what it would then need from
 * the other two, one way per last operation, {@code --} where there is none: {@code
 * 12>24:-36+12*02/--} reads "if 12 is last and 24 the target, 36-12 or 12+12 or 02*12 would do" (a
 * need {@code +} or {@code *} also stands for 12 minus or over the need). It then tries the other
 * two, each attempt with its verdict, {@code !} for a miss and {@code =} for a hit: {@code
 * ;03,07:+10!-04!/--!*21!}. A line without a hit is given up for the next number. Every value is at
 * least two digits wide; values above 200 are never tried.
 */
final class Countdown implements Task {
  /** Two operands, an operation, and a result that is a natural number. */
  record Operation(int left, char operator, int right, int result) {
    String written() {
      return two(left) + operator + two(right) + "=" + two(result);
    }
  }

  /** A whole derivation: the second operation uses the result of the first. */
  record Solution(Operation first, Operation second, boolean isFirstOnLeft) {
    String expression() {
      String inner = "" + first.left + first.operator + first.right;
      boolean isInnerSum = first.operator == '+' || first.operator == '-';
      boolean isOuterSum = second.operator == '+' || second.operator == '-';
      boolean isMixed = isInnerSum && !isOuterSum;
      boolean isGuarded = second.operator == '/' || (isInnerSum && second.operator == '-');
      boolean needsBrackets = isMixed || (!isFirstOnLeft && isGuarded);
      String shown = needsBrackets ? "(" + inner + ")" : inner;
      return isFirstOnLeft
          ? shown + second.operator + second.right
          : "" + second.left + second.operator + shown;
    }
  }

  private static final int MAX_VALUE = 200;
  private static final String OPERATORS = "+-/*";

  private static final List<String> PROMPTS_EN =
      List.of(
          "Use {l} to make {t}",
          "Use {l} to make {t}.",
          "Use {l} to reach {t}.",
          "Use the numbers {l} to make {t}",
          "Use the numbers {l} to get {t}.",
          "Using {l}, make {t}",
          "Using {l}, reach {t}.",
          "Using the numbers {l}, make {t}.",
          "Make {t} from {l}",
          "Make {t} from {l}.",
          "Make {t} using {l}",
          "Make {t} with {l}",
          "Make {t} out of {l}.",
          "Reach {t} with {l}",
          "Reach {t} using {l}.",
          "Get {t} from {l}",
          "How can I make {t} from {l}?",
          "How do you make {t} with {l}?",
          "Can you make {t} from {l}?",
          "Can you reach {t} with {l}?",
          "Combine {l} to make {t}",
          "Combine {l} to get {t}.",
          "With {l} make {t}",
          "Numbers {l}, target {t}",
          "Numbers: {c}. Target: {t}.",
          "numbers {s} target {t}",
          "Target {t}, numbers {l}",
          "countdown {s} -> {t}",
          "countdown: {c} -> {t}",
          "Countdown: {l} to {t}",
          "Countdown {s} = {t}",
          "{s} -> {t}",
          "{c} -> {t}");

  private static final List<String> PROMPTS_AR =
      List.of(
          "استعمل {l} لتصل إلى {t}",
          "استخدم {l} لتصل إلى {t}",
          "استعمل {l} للوصول إلى {t}",
          "استخدم {l} للوصول إلى {t}",
          "استعمل الأعداد {l} لتصل إلى {t}",
          "استخدم الأعداد {l} لتحصل على {t}",
          "استخدم الأرقام {l} لتحصل على {t}",
          "استعمل {l} لتحصل على {t}",
          "استعمل {l} للحصول على {t}",
          "كون {t} من {l}",
          "كوّن العدد {t} من {l}",
          "كون {t} من الأعداد {l}",
          "كون {t} باستعمال {l}",
          "كون {t} باستخدام الأعداد {l}",
          "اصنع {t} من {l}",
          "صل إلى {t} من {l}",
          "صل إلى {t} باستعمال {l}",
          "صل إلى العدد {t} باستخدام {l}",
          "كيف تصل إلى {t} من {l}؟",
          "كيف أصل إلى {t} باستعمال {l}؟",
          "كيف أحصل على {t} من {l}؟",
          "كيف نحصل على {t} من الأعداد {l}؟",
          "الأعداد {l} والهدف {t}",
          "الأعداد: {l}. الهدف: {t}",
          "الهدف {t} والأعداد {l}",
          "باستعمال {l} كون {t}",
          "باستخدام الأعداد {l} صل إلى {t}",
          "من {l} كون {t}",
          "{c} -> {t}",
          "{s} -> {t}");

  @Override
  public Skill skill() {
    return Skill.COUNTDOWN;
  }

  @Override
  public Problem generate(RandomGenerator rng, Split split, double difficulty) {
    double level = split == Split.OOD ? 1 : Math.clamp(difficulty, 0, 1);
    while (true) {
      int most = 5 + (int) Math.round(15 * level);
      List<Integer> numbers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        numbers.add(1 + rng.nextInt(most));
      }
      int target = target(rng, numbers, 20 + (int) Math.round(79 * level));
      // Random expressions favour small targets; people ask for larger ones.
      boolean isDull = level > 0.5 && target < 10 && Wording.chance(rng, 0.65);
      if (target > 0 && !isDull && belongs(numbers, target, split)) {
        return problem(rng, numbers, target);
      }
      // A split may hold few of the easiest problems.
      level = Math.min(1, level + 0.002);
    }
  }

  private static boolean belongs(List<Integer> numbers, int target, Split split) {
    return Splits.isHeldOutTarget(target)
        ? split == Split.OOD
        : split == Splits.of(key(numbers, target));
  }

  private static String key(List<Integer> numbers, int target) {
    List<Integer> sorted = new ArrayList<>(numbers);
    Collections.sort(sorted);
    return sorted + ">" + target;
  }

  /** The value of a random expression over all numbers, or 0 if it leaves the range. */
  private static int target(RandomGenerator rng, List<Integer> numbers, int most) {
    List<Integer> order = new ArrayList<>(numbers);
    Collections.swap(order, 0, rng.nextInt(3));
    Collections.swap(order, 1, 1 + rng.nextInt(2));
    int first = value(order.get(0), OPERATORS.charAt(rng.nextInt(4)), order.get(1));
    int value = first == 0 ? 0 : value(first, OPERATORS.charAt(rng.nextInt(4)), order.get(2));
    return value <= most ? value : 0;
  }

  /** The larger operand first; 0 stands for no natural number up to 200. */
  private static int value(int a, char operator, int b) {
    int high = Math.max(a, b);
    int low = Math.min(a, b);
    int value =
        switch (operator) {
          case '+' -> a + b;
          case '-' -> high - low;
          case '*' -> a * b;
          default -> low > 0 && high % low == 0 ? high / low : 0;
        };
    return value <= MAX_VALUE ? value : 0;
  }

  private Problem problem(RandomGenerator rng, List<Integer> numbers, int target) {
    StringBuilder trace = new StringBuilder();
    Solution solution = search(numbers, target, trace);
    Language language = rng.nextBoolean() ? Language.EN : Language.AR;
    return new Problem(
        Skill.COUNTDOWN,
        language,
        prompt(rng, language, numbers, target),
        trace.toString(),
        solution.expression(),
        key(numbers, target));
  }

  /** Writes the search as it goes. */
  static Solution search(List<Integer> numbers, int target, StringBuilder trace) {
    for (int i = 0; i < 3; i++) {
      int last = numbers.get(i);
      if (numbers.indexOf(last) < i) {
        continue;
      }
      int a = numbers.get(i == 0 ? 1 : 0);
      int b = numbers.get(i == 2 ? 1 : 2);
      int[] needs = {
        value(target + last, '+', 0),
        value(target, '-', last),
        value(target, '*', last),
        value(target, '/', last)
      };
      trace.append(two(last)).append('>').append(two(target));
      trace.append(":-").append(two(needs[0])).append('+').append(two(needs[1]));
      trace.append('*').append(two(needs[3])).append('/').append(two(needs[2]));
      trace.append(';').append(two(a)).append(',').append(two(b)).append(':');
      for (int o = 0; o < OPERATORS.length(); o++) {
        char operator = OPERATORS.charAt(o);
        int reached = value(a, operator, b);
        trace.append(operator).append(two(reached));
        int hit = reached == 0 ? -1 : indexOf(needs, reached);
        trace.append(hit < 0 ? '!' : '=');
        if (hit >= 0) {
          Solution solution = solution(a, operator, b, reached, last, target, hit);
          trace.append('\n').append(solution.first.written());
          trace.append(',').append(solution.second.written());
          return solution;
        }
      }
      trace.append('\n');
    }
    throw new IllegalArgumentException(numbers + " cannot make " + target);
  }

  private static int indexOf(int[] needs, int value) {
    for (int i = 0; i < needs.length; i++) {
      if (needs[i] == value) {
        return i;
      }
    }
    return -1;
  }

  private static Solution solution(
      int a, char operator, int b, int reached, int last, int target, int need) {
    boolean isOrdered = operator == '+' || operator == '*' || a >= b;
    Operation first = new Operation(isOrdered ? a : b, operator, isOrdered ? b : a, reached);
    return switch (need) {
      case 0 -> new Solution(first, new Operation(reached, '-', last, target), true);
      case 1 ->
          target >= last
              ? new Solution(first, new Operation(reached, '+', last, target), true)
              : new Solution(first, new Operation(last, '-', reached, target), false);
      case 2 -> new Solution(first, new Operation(reached, '/', last, target), true);
      default ->
          target >= last
              ? new Solution(first, new Operation(reached, '*', last, target), true)
              : new Solution(first, new Operation(last, '/', reached, target), false);
    };
  }

  private static String two(int n) {
    return n == 0 ? "--" : Steps.padded(n, 2);
  }

  private static String prompt(
      RandomGenerator rng, Language language, List<Integer> numbers, int target) {
    boolean english = language == Language.EN;
    String template = Wording.pick(rng, english ? PROMPTS_EN : PROMPTS_AR);
    int a = numbers.get(0);
    int b = numbers.get(1);
    int c = numbers.get(2);
    String list =
        english
            ? a + ", " + b + (rng.nextInt(4) == 0 ? ", " : " and ") + c
            : a + (rng.nextInt(3) == 0 ? "، " + b + "، " : " و" + b + " و") + c;
    String comma = english ? ", " : "، ";
    String text =
        template
            .replace("{l}", list)
            .replace("{c}", a + comma + b + comma + c)
            .replace("{s}", a + " " + b + " " + c)
            .replace("{t}", Integer.toString(target));
    return Wording.typed(rng, language, Wording.inDigits(text, Wording.digits(rng, language)));
  }
}
