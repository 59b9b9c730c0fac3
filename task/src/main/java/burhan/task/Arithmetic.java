package burhan.task;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Sums, differences, chains of both, products and exact quotients, in words or bare. Knows the
 * ranges of the operands; wordings are in {@link Phrases}, traces in {@link Steps}.
 */
final class Arithmetic implements Task {
  /**
   * One drawn problem before it is put in words; {@code operators[i]} stands before operand i+1.
   */
  private record Draw(List<Integer> operands, String operators, String key) {
    boolean isOutside() {
      return operands.stream().anyMatch(Splits::isHeldOutOperand);
    }
  }

  private static final List<String> BARE =
      List.of("{e}", "{e}", "{e} =", "{e}=", "{e} = ?", "{e}=?", "{e}?");
  private static final int TRIES_PER_LEVEL = 400;

  private final Skill skill;

  Arithmetic(Skill skill) {
    this.skill = skill;
  }

  @Override
  public Skill skill() {
    return skill;
  }

  @Override
  public Problem generate(RandomGenerator rng, Split split, double difficulty) {
    double level = split == Split.OOD ? 1 : difficulty;
    for (int tries = 1; ; tries++) {
      Draw draw = draw(rng, level);
      if (belongs(draw, split)) {
        return worded(rng, draw);
      }
      if (tries % TRIES_PER_LEVEL == 0) {
        // The easiest levels have so few problems that a split may hold none of them.
        level = Math.min(1, level + 0.2);
      }
    }
  }

  private static boolean belongs(Draw draw, Split split) {
    return draw.isOutside() ? split == Split.OOD : split == Splits.of(draw.key);
  }

  private Draw draw(RandomGenerator rng, double level) {
    return switch (skill) {
      case ADD -> {
        int limit = limit(rng, level, 4);
        yield sum(operand(rng, limit), operand(rng, anyUpTo(rng, limit)), rng.nextBoolean());
      }
      case SUB -> {
        int limit = limit(rng, level, 4);
        int a = operand(rng, limit);
        int b = operand(rng, anyUpTo(rng, limit));
        boolean smallFirst = a < b ? !Wording.chance(rng, 0.85) : Wording.chance(rng, 0.08);
        yield difference(
            smallFirst ? Math.min(a, b) : Math.max(a, b),
            smallFirst ? Math.max(a, b) : Math.min(a, b));
      }
      case CHAIN -> chain(rng, level);
      case MUL -> {
        int a = operand(rng, limit(rng, level, 3));
        int b = operand(rng, limit(rng, level, 2));
        yield product(a, b, rng.nextBoolean());
      }
      case DIV -> {
        int digits = limit(rng, level, 4);
        int b = Wording.chance(rng, 0.03) ? 1 : 2 + rng.nextInt(8);
        int low = digits == 1 ? 0 : (int) Math.pow(10, digits - 1);
        int quotient = (low + rng.nextInt((int) Math.pow(10, digits) - low)) / b;
        yield new Draw(List.of(quotient * b, b), "/", quotient * b + "/" + b);
      }
      case WORD_EN, WORD_AR, COUNTDOWN, CHAT ->
          throw new IllegalStateException(skill + " is no arithmetic");
    };
  }

  private static Draw sum(int a, int b, boolean swap) {
    return new Draw(swap ? List.of(b, a) : List.of(a, b), "+", keyOfSum(a, b));
  }

  private static Draw difference(int a, int b) {
    return new Draw(List.of(a, b), "-", a + "-" + b);
  }

  private static Draw product(int a, int b, boolean swap) {
    return new Draw(swap ? List.of(b, a) : List.of(a, b), "*", keyOfProduct(a, b));
  }

  static String keyOfSum(int a, int b) {
    return Math.min(a, b) + "+" + Math.max(a, b);
  }

  static String keyOfProduct(int a, int b) {
    return Math.min(a, b) + "*" + Math.max(a, b);
  }

  private static Draw chain(RandomGenerator rng, double level) {
    int count = Wording.chance(rng, level) && rng.nextBoolean() ? 4 : 3;
    int limit = limit(rng, level, 4);
    List<Integer> operands = new ArrayList<>(List.of(operand(rng, limit)));
    StringBuilder operators = new StringBuilder();
    int running = operands.get(0);
    while (operands.size() < count) {
      int next = operand(rng, anyUpTo(rng, limit));
      boolean minus = next <= running && Wording.chance(rng, 0.6);
      running += minus ? -next : next;
      operators.append(minus ? '-' : '+');
      operands.add(next);
    }
    return new Draw(List.copyOf(operands), operators.toString(), keyOfChain(operands, operators));
  }

  /** The order of the later terms does not make another problem. */
  private static String keyOfChain(List<Integer> operands, CharSequence operators) {
    List<Integer> added = new ArrayList<>(List.of(operands.get(0)));
    List<Integer> taken = new ArrayList<>();
    for (int i = 1; i < operands.size(); i++) {
      (operators.charAt(i - 1) == '+' ? added : taken).add(operands.get(i));
    }
    Collections.sort(added);
    Collections.sort(taken);
    return added + "-" + taken;
  }

  /** How many digits the longest operand may have: 1 at level 0, {@code most} at level 1. */
  private static int limit(RandomGenerator rng, double level, int most) {
    double digits = 1 + Math.clamp(level, 0, 1) * (most - 1);
    int limit = (int) digits + (Wording.chance(rng, digits - (int) digits) ? 1 : 0);
    return Wording.chance(rng, 0.6) ? limit : anyUpTo(rng, limit);
  }

  private static int anyUpTo(RandomGenerator rng, int digits) {
    return Wording.chance(rng, 0.5) ? digits : 1 + rng.nextInt(digits);
  }

  static int operand(RandomGenerator rng, int digits) {
    int low = digits == 1 ? 0 : (int) Math.pow(10, digits - 1);
    return low + rng.nextInt((int) Math.pow(10, digits) - low);
  }

  private Problem worded(RandomGenerator rng, Draw draw) {
    Language language = rng.nextBoolean() ? Language.EN : Language.AR;
    String prompt = prompt(rng, language, draw);
    int result = result(draw);
    return new Problem(skill, language, prompt, trace(draw), Integer.toString(result), draw.key);
  }

  private String prompt(RandomGenerator rng, Language language, Draw draw) {
    List<String> words = Phrases.inWords(skill, language);
    double roll = rng.nextDouble();
    String template;
    if (roll < 0.3) {
      template = Wording.pick(rng, BARE);
    } else if (roll < 0.65 || words.isEmpty()) {
      template = Wording.pick(rng, Phrases.aroundExpression(language));
    } else {
      template = Wording.pick(rng, words);
      if (skill == Skill.SUB && draw.operands.get(0) < draw.operands.get(1)) {
        // Nobody asks what is left of 5 after taking 17, nor which way a difference runs.
        template = words.get(0);
      }
    }
    boolean inWords = roll >= 0.3 && Wording.chance(rng, 0.3);
    String text =
        template
            .replace("{e}", infix(rng, language, draw, inWords))
            .replace("{a}", draw.operands.get(0).toString())
            .replace("{b}", draw.operands.get(1).toString());
    return Wording.typed(rng, language, Wording.inDigits(text, Wording.digits(rng, language)));
  }

  private static String infix(RandomGenerator rng, Language language, Draw draw, boolean inWords) {
    boolean spaced = inWords || Wording.chance(rng, 0.6);
    String[] signs = new String[128];
    StringBuilder out = new StringBuilder().append(draw.operands.get(0));
    for (int i = 0; i < draw.operators.length(); i++) {
      char operator = draw.operators.charAt(i);
      if (signs[operator] == null) {
        signs[operator] = Signs.pick(rng, language, operator, inWords);
      }
      out.append(spaced ? " " : "").append(signs[operator]).append(spaced ? " " : "");
      out.append(draw.operands.get(i + 1));
    }
    return out.toString();
  }

  private String trace(Draw draw) {
    List<Integer> n = draw.operands;
    return switch (skill) {
      case ADD -> Steps.add(n.get(0), n.get(1));
      case SUB -> Steps.subtractSigned(n.get(0), n.get(1));
      case MUL -> Steps.multiply(n.get(0), n.get(1));
      case DIV -> Steps.divide(n.get(0), n.get(1));
      case CHAIN, WORD_EN, WORD_AR, COUNTDOWN, CHAT -> {
        StringBuilder out = new StringBuilder();
        int running = n.get(0);
        for (int i = 1; i < n.size(); i++) {
          boolean plus = draw.operators.charAt(i - 1) == '+';
          int next = n.get(i);
          out.append(i == 1 ? "" : "\n");
          out.append(plus ? Steps.add(running, next) : Steps.subtract(running, next));
          running += plus ? next : -next;
        }
        yield out.toString();
      }
    };
  }

  private static int result(Draw draw) {
    int running = draw.operands.get(0);
    for (int i = 0; i < draw.operators.length(); i++) {
      int next = draw.operands.get(i + 1);
      running =
          switch (draw.operators.charAt(i)) {
            case '+' -> running + next;
            case '-' -> running - next;
            case '*' -> running * next;
            default -> running / next;
          };
    }
    return running;
  }
}
