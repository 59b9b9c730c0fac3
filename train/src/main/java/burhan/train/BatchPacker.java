package burhan.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Lays the documents of one optimiser step into micro-batches. Sorted by length first: neighbours
 * then share an attention group and waste at most {@link #ROUNDING} - 1 padding tokens each. A step
 * sums over all its documents, so the order changes nothing else. Knows no model.
 */
final class BatchPacker {
  /** Padded lengths are multiples of this: few distinct shapes, and under 5 % padding. */
  static final int ROUNDING = 8;

  private BatchPacker() {}

  /**
   * @param documents of one step
   * @param microTokens about how many rows a micro-batch has; whole documents only
   */
  static List<PackedBatch> pack(List<Sample> documents, int microTokens) {
    List<Sample> sorted = new ArrayList<>(documents);
    sorted.sort(Comparator.comparingInt(Sample::length));
    int rows = sorted.stream().mapToInt(s -> padded(s.length())).sum();
    int pieces = Math.max(1, Math.round(rows / (float) microTokens));
    List<PackedBatch> out = new ArrayList<>();
    int from = 0;
    int done = 0;
    int count = 0;
    for (int i = 0; i < sorted.size(); i++) {
      count += padded(sorted.get(i).length());
      boolean full = count >= (long) rows * (done + 1) / pieces;
      if (full || i == sorted.size() - 1) {
        out.add(row(sorted.subList(from, i + 1), ROUNDING));
        from = i + 1;
        done++;
      }
    }
    return out;
  }

  private static int padded(int length) {
    return roundUp(length, ROUNDING);
  }

  private static int roundUp(int length, int rounding) {
    return (length + rounding - 1) / rounding * rounding;
  }

  /** One packed row of the documents in the order given. */
  static PackedBatch row(List<Sample> documents, int rounding) {
    List<PackedBatch.Group> groups = new ArrayList<>();
    int n = 0;
    for (Sample s : documents) {
      int length = roundUp(s.length(), rounding);
      if (!groups.isEmpty() && groups.getLast().length() == length) {
        int before = groups.removeLast().documents();
        groups.add(new PackedBatch.Group(before + 1, length));
      } else {
        groups.add(new PackedBatch.Group(1, length));
      }
      n += length;
    }
    PackedBatch batch = empty(n, List.copyOf(groups), documents.size());
    int at = 0;
    for (int d = 0; d < documents.size(); d++) {
      Sample s = documents.get(d);
      int length = roundUp(s.length(), rounding);
      fill(batch, at, length, s, d);
      at += length;
    }
    return batch;
  }

  private static PackedBatch empty(int n, List<PackedBatch.Group> groups, int documents) {
    int[] document = new int[n];
    int[] targets = new int[n];
    int[] mtpTargets = new int[n];
    Arrays.fill(document, -1);
    Arrays.fill(targets, -1);
    Arrays.fill(mtpTargets, -1);
    return new PackedBatch(
        new int[n],
        new int[n],
        new int[n],
        document,
        targets,
        mtpTargets,
        groups,
        new int[documents]);
  }

  private static void fill(PackedBatch batch, int at, int padded, Sample s, int document) {
    int length = s.length();
    batch.lengths()[document] = length;
    for (int i = 0; i < padded; i++) {
      batch.positions()[at + i] = i;
    }
    for (int i = 0; i < length; i++) {
      batch.tokens()[at + i] = s.tokens()[i];
      batch.document()[at + i] = document;
      if (i + 1 < length) {
        batch.nextTokens()[at + i] = s.tokens()[i + 1];
        batch.targets()[at + i] = s.learn()[i + 1] ? s.tokens()[i + 1] : -1;
      }
      if (i + 2 < length) {
        batch.mtpTargets()[at + i] = s.learn()[i + 2] ? s.tokens()[i + 2] : -1;
      }
    }
  }
}
