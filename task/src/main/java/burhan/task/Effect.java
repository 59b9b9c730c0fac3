package burhan.task;

/**
 * What a sentence of a story does to its amounts: the amount the story is about, and sometimes that
 * of another person. {@code numbers} is how many numbers the sentence states.
 */
enum Effect {
  /** The amount is n. */
  SET(1),
  /** The amount is n times m. */
  PRODUCT(2),
  GAIN(1),
  LOSE(1),
  GAIN_PRODUCT(2),
  LOSE_PRODUCT(2),
  TIMES(1),
  DOUBLE(0),
  HALF(0),
  SPLIT(1),
  /** The amount is what remains of n, as change from a banknote. */
  FROM(1),
  OTHER(1),
  OTHER_MORE(1),
  OTHER_FEWER(1),
  OTHER_TIMES(1),
  OTHER_DOUBLE(0),
  OTHER_HALF(0),
  ASK(0),
  ASK_OTHER(0),
  ASK_TOTAL(0),
  /** By how much the amount exceeds the other's. */
  ASK_MORE(0),
  /** By how much the amount falls short of the other's. */
  ASK_FEWER(0);

  private final int numbers;

  Effect(int numbers) {
    this.numbers = numbers;
  }

  int numbers() {
    return numbers;
  }

  boolean isQuestion() {
    return switch (this) {
      case ASK, ASK_OTHER, ASK_TOTAL, ASK_MORE, ASK_FEWER -> true;
      case SET,
          PRODUCT,
          GAIN,
          LOSE,
          GAIN_PRODUCT,
          LOSE_PRODUCT,
          TIMES,
          DOUBLE,
          HALF,
          SPLIT,
          FROM,
          OTHER,
          OTHER_MORE,
          OTHER_FEWER,
          OTHER_TIMES,
          OTHER_DOUBLE,
          OTHER_HALF ->
          false;
    };
  }

  /** How many steps of arithmetic the effect costs. */
  int steps() {
    return switch (this) {
      case SET, OTHER, ASK, ASK_OTHER -> 0;
      case GAIN_PRODUCT, LOSE_PRODUCT -> 2;
      case PRODUCT,
          GAIN,
          LOSE,
          TIMES,
          DOUBLE,
          HALF,
          SPLIT,
          FROM,
          OTHER_MORE,
          OTHER_FEWER,
          OTHER_TIMES,
          OTHER_DOUBLE,
          OTHER_HALF,
          ASK_TOTAL,
          ASK_MORE,
          ASK_FEWER ->
          1;
    };
  }
}
