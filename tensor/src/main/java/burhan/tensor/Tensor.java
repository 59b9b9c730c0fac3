package burhan.tensor;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A named, row-major array of numbers over memory that somebody else owns, usually a mapped file.
 * Knows its shape and its bytes, and no arithmetic. A linear layer's weight is {@code [out, in]}.
 */
public final class Tensor {
  private final String name;
  private final DType type;
  private final long[] shape;
  private final MemorySegment data;
  private final @Nullable BlockScales scales;

  /**
   * @param shape sizes, outermost first; empty for a scalar
   * @param data exactly the bytes of all elements
   * @throws IllegalArgumentException if the bytes and the shape disagree
   */
  public Tensor(String name, DType type, long[] shape, MemorySegment data) {
    this(name, type, shape, data, null);
  }

  private Tensor(
      String name, DType type, long[] shape, MemorySegment data, @Nullable BlockScales scales) {
    this.scales = scales;
    this.name = name;
    this.type = type;
    this.shape = shape.clone();
    this.data = data;
    long bytes = type.byteSize(elements());
    if (data.byteSize() != bytes) {
      throw new IllegalArgumentException(
          this + " needs " + bytes + " bytes, got " + data.byteSize());
    }
  }

  /** A float32 tensor that shares {@code values}. */
  public static Tensor of(String name, float[] values, long... shape) {
    return new Tensor(name, DType.F32, shape, MemorySegment.ofArray(values));
  }

  /**
   * This matrix with a scale for each block of it.
   *
   * @param values [ceil(rows / blockRows), ceil(cols / blockCols)]
   * @throws BadInputException if the scales do not cover the matrix
   */
  public Tensor scaledBy(Tensor values, int blockRows, int blockCols) {
    if (rank() != 2) {
      throw new BadInputException(this + ": only a matrix has block scales");
    }
    int perRow = Math.toIntExact(Math.ceilDiv(shape[1], blockCols));
    values.requireShape(Math.ceilDiv(shape[0], blockRows), perRow);
    BlockScales blocks = new BlockScales(values.toFloats(), perRow, blockRows, blockCols, 0);
    return new Tensor(name, type, shape, data, blocks);
  }

  public String name() {
    return name;
  }

  public DType type() {
    return type;
  }

  public long[] shape() {
    return shape.clone();
  }

  public int rank() {
    return shape.length;
  }

  public long dim(int axis) {
    return shape[axis];
  }

  public MemorySegment data() {
    return data;
  }

  /** The scales of its blocks, or null for none. */
  public @Nullable BlockScales scales() {
    return scales;
  }

  public long byteSize() {
    return data.byteSize();
  }

  /** The number of elements, the product of the shape. */
  public long elements() {
    long n = 1;
    for (long size : shape) {
      n = Math.multiplyExact(n, size);
    }
    return n;
  }

  /**
   * This tensor, if it has exactly this shape.
   *
   * @throws BadInputException otherwise, naming the tensor and both shapes
   */
  public Tensor requireShape(long... expected) {
    if (!Arrays.equals(shape, expected)) {
      throw new BadInputException(
          "tensor '%s': shape %s but the config needs %s"
              .formatted(name, Arrays.toString(shape), Arrays.toString(expected)));
    }
    return this;
  }

  /** All elements as floats, in a new array: for gains, biases and other small tensors. */
  public float[] toFloats() {
    float[] out = new float[Math.toIntExact(elements())];
    if (scales == null) {
      Elements.decode(type, data, 0, out, 0, out.length);
    } else {
      for (int row = 0; row < shape[0]; row++) {
        row(row, out, Math.toIntExact(row * shape[1]));
      }
    }
    return out;
  }

  /**
   * One row of a matrix as floats.
   *
   * @param out [cols] from index {@code at}
   */
  public void row(long row, float[] out, int at) {
    int cols = Math.toIntExact(shape[1]);
    Elements.decode(type, data, row * cols, out, at, cols);
    if (scales != null) {
      scales.multiply(row, out, at, cols);
    }
  }

  /** Part {@code i} along the first axis, without copying. */
  public Tensor slice(long i) {
    long[] rest = Arrays.copyOfRange(shape, 1, shape.length);
    long bytes = data.byteSize() / shape[0];
    return new Tensor(name + "[" + i + "]", type, rest, data.asSlice(i * bytes, bytes));
  }

  /** {@code count} parts along the first axis from {@code from} on, without copying. */
  public Tensor slice(long from, long count) {
    long[] part = shape.clone();
    part[0] = count;
    long bytes = data.byteSize() / shape[0];
    return new Tensor(
        name + "[" + from + ".." + (from + count) + ")",
        type,
        part,
        data.asSlice(from * bytes, count * bytes),
        scales == null ? null : scales.from(from));
  }

  @Override
  public String toString() {
    return "tensor '%s' %s %s".formatted(name, type, Arrays.toString(shape));
  }
}
