package burhan.task;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The numbers of a word problem: a sequence of effects, the number each states, and the steps they
 * come to. Knows no words.
 */
final class Story {
  /** Single steps and amounts stay below this. */
  private static final int MOST = 999;

  private final List<List<Integer>> stated = new ArrayList<>();
  private final List<String> steps = new ArrayList<>();
  private final List<String> keys = new ArrayList<>();
  private int amount;
  private int other;
  private int answer;

  private Story() {}

  /** Numbers for these effects, or empty if the luck of the draw leaves the range. */
  static Optional<Story> draw(RandomGenerator rng, List<Effect> effects, Numbers numbers) {
    Story story = new Story();
    for (Effect effect : effects) {
      if (!story.apply(rng, effect, numbers)) {
        return Optional.empty();
      }
    }
    return Optional.of(story);
  }

  /** The numbers stated by effect i. */
  List<Integer> stated(int i) {
    return stated.get(i);
  }

  int answer() {
    return answer;
  }

  String trace() {
    return String.join("\n", steps);
  }

  /** A sum, difference or product of one step has the key of the same bare question. */
  String key() {
    return String.join(";", keys);
  }

  private boolean apply(RandomGenerator rng, Effect effect, Numbers numbers) {
    List<Integer> drawn = drawn(rng, effect, numbers);
    if (drawn.size() < effect.numbers()) {
      return false;
    }
    stated.add(drawn);
    int n = drawn.isEmpty() ? 0 : drawn.get(0);
    return switch (effect) {
      case SET -> set(n);
      case PRODUCT -> set(times(n, drawn.get(1)));
      case GAIN -> set(plus(amount, n));
      case LOSE -> set(minus(amount, n));
      case GAIN_PRODUCT -> set(plus(amount, times(n, drawn.get(1))));
      case LOSE_PRODUCT -> set(minus(amount, times(n, drawn.get(1))));
      case TIMES -> set(times(amount, n));
      case DOUBLE -> set(times(amount, 2));
      case HALF -> set(over(amount, 2));
      case SPLIT -> set(over(amount, n));
      case FROM -> set(minus(n, amount));
      case OTHER -> setOther(n);
      case OTHER_MORE -> setOther(plus(amount, n));
      case OTHER_FEWER -> setOther(minus(amount, n));
      case OTHER_TIMES -> setOther(times(amount, n));
      case OTHER_DOUBLE -> setOther(times(amount, 2));
      case OTHER_HALF -> setOther(over(amount, 2));
      case ASK -> answer(amount);
      case ASK_OTHER -> answer(other);
      case ASK_TOTAL -> answer(plus(amount, other));
      case ASK_MORE -> amount > other && answer(minus(amount, other));
      case ASK_FEWER -> other > amount && answer(minus(other, amount));
    };
  }

  /** Numbers that make the effect possible; empty if there is none. */
  private List<Integer> drawn(RandomGenerator rng, Effect effect, Numbers numbers) {
    return switch (effect) {
      case SET, GAIN, OTHER, OTHER_MORE -> List.of(numbers.any(rng));
      case PRODUCT, GAIN_PRODUCT, LOSE_PRODUCT -> numbers.factors(rng);
      case LOSE, OTHER_FEWER -> amount < 2 ? List.of() : List.of(numbers.below(rng, amount));
      case TIMES -> List.of(numbers.factor(rng));
      case OTHER_TIMES -> List.of(numbers.multiple(rng));
      case SPLIT -> numbers.divisor(rng, amount);
      case FROM -> List.of(numbers.above(rng, amount));
      case DOUBLE, HALF, OTHER_DOUBLE, OTHER_HALF, ASK, ASK_OTHER, ASK_TOTAL, ASK_MORE, ASK_FEWER ->
          List.of();
    };
  }

  private boolean set(int value) {
    amount = value;
    return value > 0 && value <= MOST;
  }

  private boolean setOther(int value) {
    other = value;
    return value > 0 && value <= MOST;
  }

  private boolean answer(int value) {
    answer = value;
    return value >= 0 && value <= 2 * MOST;
  }

  private int plus(int a, int b) {
    steps.add(Steps.add(a, b));
    keys.add(Arithmetic.keyOfSum(a, b));
    return a + b;
  }

  /** A negative result is out of range and drops the story. */
  private int minus(int a, int b) {
    steps.add(a < b ? "" : Steps.subtract(a, b));
    keys.add(a + "-" + b);
    return a - b;
  }

  private int times(int a, int b) {
    steps.add(Math.min(a, b) > 99 ? "" : Steps.multiply(a, b));
    keys.add(Arithmetic.keyOfProduct(a, b));
    return Math.min(a, b) > 99 ? -1 : a * b;
  }

  /** A quotient that is not exact is out of range and drops the story. */
  private int over(int a, int b) {
    boolean isExact = a % b == 0;
    steps.add(isExact ? Steps.divide(a, b) : "");
    keys.add(a + "/" + b);
    return isExact ? a / b : -1;
  }
}
