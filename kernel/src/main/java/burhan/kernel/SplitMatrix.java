package burhan.kernel;

/**
 * A matrix whose product can be cut into ranges of rows, so that several products share one
 * parallel region. How the ranges are cut depends on the sizes alone: results are the same whoever
 * computes a range, and with whichever other products.
 */
abstract class SplitMatrix implements Matrix {
  private final Workers workers;

  SplitMatrix(Workers workers) {
    this.workers = workers;
  }

  /** Into how many ranges of rows the product can be cut at most. */
  abstract int units();

  /** Before the products of a region are prepared: activations that are known may have changed. */
  void begin() {}

  /** Brings a product's activations into form, on the caller's thread, before any range runs. */
  abstract void prepare(Product product);

  /** Rows of units {@code from} to {@code to}. */
  abstract void range(Product product, int from, int to);

  @Override
  public final void multiply(float[] x, int xAt, int tokens, float[] y, int yAt) {
    multiply(Phase.GENERATE, x, xAt, tokens, y, yAt);
  }

  @Override
  public final void multiply(Phase phase, float[] x, int xAt, int tokens, float[] y, int yAt) {
    Product[] one = workers.oneProduct();
    one[0].set(phase, this, x, xAt, tokens, y, yAt);
    run(workers, one, 1);
  }

  /** Multiply-adds of one unit. */
  private long unitWork(Product product) {
    return Math.ceilDiv((long) rows() * cols() * product.tokens, units());
  }

  /** Runs products of split matrices as one region. */
  static void run(Workers workers, Product[] products, int count) {
    for (int i = 0; i < count; i++) {
      ((SplitMatrix) products[i].matrix()).begin();
    }
    long work = 0;
    for (int i = 0; i < count; i++) {
      SplitMatrix matrix = (SplitMatrix) products[i].matrix();
      matrix.prepare(products[i]);
      work += matrix.unitWork(products[i]) * matrix.units();
    }
    long total = work;
    if (workers.isTooLittle(total)) {
      ranges(products, count, 0, total);
      return;
    }
    workers.run(
        (part, parts) -> ranges(products, count, total * part / parts, total * (part + 1) / parts));
  }

  /** What lies between two amounts of work, counted over all products; both rounded to units. */
  private static void ranges(Product[] products, int count, long from, long to) {
    long begin = 0;
    for (int i = 0; i < count; i++) {
      Product product = products[i];
      SplitMatrix matrix = (SplitMatrix) product.matrix();
      long unit = matrix.unitWork(product);
      int first = Math.clamp((from - begin) / unit, 0, matrix.units());
      int last = Math.clamp((to - begin) / unit, 0, matrix.units());
      if (first < last) {
        matrix.range(product, first, last);
      }
      begin += unit * matrix.units();
    }
  }
}
