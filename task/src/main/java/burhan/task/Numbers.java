package burhan.task;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * How large the numbers of a story are.
 *
 * @param level 0 single digits, 1 up to three digits
 * @param most the largest number that is natural in the setting
 * @param least 1, or 3 where smaller counts are said in words
 */
record Numbers(double level, int most, int least) {
  int any(RandomGenerator rng) {
    double roll = rng.nextDouble();
    int cap =
        roll < 0.3 || level < 0.25
            ? 10
            : roll < 0.88 || level < 0.75 ? (level < 0.5 ? 30 : 99) : 999;
    return between(rng, least, Math.min(cap, most));
  }

  /** A small factor, at most two digits. */
  int factor(RandomGenerator rng) {
    return between(
        rng, Math.max(2, least), Math.min(most, level < 0.6 || rng.nextInt(4) > 0 ? 9 : 25));
  }

  /** How many times as much somebody has. */
  int multiple(RandomGenerator rng) {
    return between(rng, 3, 9);
  }

  /** Two factors, in no order of size. */
  List<Integer> factors(RandomGenerator rng) {
    int wide =
        between(
            rng,
            Math.max(2, least),
            Math.min(most, level < 0.4 ? 10 : rng.nextInt(3) > 0 ? 25 : 99));
    int small = factor(rng);
    return rng.nextBoolean() ? List.of(wide, small) : List.of(small, wide);
  }

  /** Less than {@code amount}, which is at least 2. */
  int below(RandomGenerator rng, int amount) {
    int high = Math.min(amount - 1, most);
    return between(rng, Math.min(least, high), high);
  }

  /** A one-digit divisor above 1, in a list; the empty list if there is none. */
  List<Integer> divisor(RandomGenerator rng, int amount) {
    List<Integer> all = new ArrayList<>();
    for (int d = Math.max(2, least); d <= 9; d++) {
      if (amount % d == 0 && amount > d) {
        all.add(d);
      }
    }
    return all.isEmpty() ? all : List.of(all.get(rng.nextInt(all.size())));
  }

  /** A banknote, or any number above {@code amount}. */
  int above(RandomGenerator rng, int amount) {
    for (int note : new int[] {5, 10, 20, 50, 100, 200, 500}) {
      if (note > amount && rng.nextInt(4) > 0) {
        return note;
      }
    }
    return amount + 1 + rng.nextInt(Math.max(1, Math.min(99, 999 - amount)));
  }

  private static int between(RandomGenerator rng, int low, int high) {
    return low >= high ? high : low + rng.nextInt(high - low + 1);
  }
}
