package burhan.kernel;

/**
 * A packed weight, whoever multiplies with it. Kernels read it by address, so that it asks at the
 * beginning of every region whether its memory is still there.
 */
abstract sealed class PackedMatrix extends SplitMatrix permits VectorMatrix, X86Matrix {
  final PackedWeight packed;

  PackedMatrix(PackedWeight packed, Workers workers) {
    super(workers);
    this.packed = packed;
  }

  @Override
  public final int rows() {
    return packed.rows();
  }

  @Override
  public final int cols() {
    return packed.cols();
  }

  @Override
  public final long byteSize() {
    return packed.data().byteSize();
  }

  @Override
  final void begin() {
    if (!packed.data().scope().isAlive()) {
      throw new IllegalStateException("the model of this weight is closed");
    }
    forget();
  }

  /** Activations that were prepared for an earlier region may have changed. */
  abstract void forget();
}
