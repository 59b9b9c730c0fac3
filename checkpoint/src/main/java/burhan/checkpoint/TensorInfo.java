package burhan.checkpoint;

import burhan.tensor.DType;

/**
 * What a file's header says of a tensor, whether or not its data is there.
 *
 * @param shape sizes, outermost first
 */
public record TensorInfo(String name, DType type, long... shape) {
  /** The number of elements. */
  public long elements() {
    long n = 1;
    for (long size : shape) {
      n = Math.multiplyExact(n, size);
    }
    return n;
  }

  public long byteSize() {
    return type.byteSize(elements());
  }
}
