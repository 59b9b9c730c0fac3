package burhan.kernel;

import burhan.assembler.ExecutableMemoryException;
import burhan.assembler.Processor;
import burhan.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Products in machine code that this process emits for its processor, on weights packed in groups
 * of sixteen rows; everything else, and every format whose kernels failed their self-test, by the
 * {@link VectorKernels}.
 */
public final class X86Kernels implements Kernels {
  private final Workers workers;
  private final VectorKernels vector;
  private final Precision precision;
  private final CacheType cacheType;
  private final X86Code code;
  private final Slabs slabs = new Slabs();
  private final ThreadLocal<X86Buffers> buffers;
  private final ThreadLocal<PackedMemory.Buffers> attending;

  /**
   * @param workers run the row ranges of large products
   * @param precision what they may round to
   * @throws ExecutableMemoryException if this machine cannot run emitted code; the message says why
   */
  public X86Kernels(Workers workers, Precision precision) throws ExecutableMemoryException {
    this(workers, precision, CacheType.AUTO);
  }

  /**
   * The same with a choice of what attention remembers.
   *
   * @param cacheType followed unless this processor failed its self-test; see {@link #cacheType}
   * @throws ExecutableMemoryException if this machine cannot run emitted code; the message says why
   */
  public X86Kernels(Workers workers, Precision precision, CacheType cacheType)
      throws ExecutableMemoryException {
    this(workers, precision, cacheType, Processor.detect(), UnaryOperator.identity());
  }

  X86Kernels(Workers workers, Precision precision, Processor processor, UnaryOperator<byte[]> fault)
      throws ExecutableMemoryException {
    this(workers, precision, CacheType.AUTO, processor, fault);
  }

  private X86Kernels(
      Workers workers,
      Precision precision,
      CacheType cacheType,
      Processor processor,
      UnaryOperator<byte[]> fault)
      throws ExecutableMemoryException {
    this.workers = workers;
    this.precision = precision;
    this.cacheType =
        switch (cacheType) {
          case AUTO -> precision == Precision.EXACT ? CacheType.F32 : CacheType.BF16;
          case F32, BF16 -> cacheType;
        };
    this.vector = new VectorKernels(workers);
    this.code = new X86Code(processor, fault);
    this.buffers = ThreadLocal.withInitial(X86Buffers::new);
    this.attending = ThreadLocal.withInitial(PackedMemory.Buffers::new);
  }

  private X86Kernels(X86Kernels shared) {
    this.workers = shared.workers;
    this.precision = shared.precision;
    this.cacheType = shared.cacheType;
    this.vector = shared.vector.forModel();
    this.code = shared.code;
    this.buffers = shared.buffers;
    this.attending = shared.attending;
  }

  @Override
  public Kernels forModel() {
    return new X86Kernels(this);
  }

  @Override
  public void close() {
    slabs.close();
    vector.close();
  }

  @Override
  public String name() {
    return "x86-" + code.name();
  }

  @Override
  public Matrix pack(Tensor weight) {
    PackedFormat format = PackedFormat.of(weight.type());
    if (format == null || weight.rank() != 2) {
      return vector.pack(weight);
    }
    Optional<X86Code.Products> products = code.products(format, precision);
    if (products.isEmpty()) {
      return vector.pack(weight);
    }
    PackedWeight packed = Packer.pack(weight, slabs, workers);
    return packed == null
        ? vector.stored(weight)
        : new X86Matrix(packed, code, products.get(), tiles(format), workers, buffers);
  }

  private @Nullable Tiles tiles(PackedFormat format) {
    return precision == Precision.FAST ? code.tiles(format).orElse(null) : null;
  }

  @Override
  public void multiply(Product[] products, int count) {
    SplitMatrix.run(workers, products, count);
  }

  @Override
  public float dot(float[] a, int aAt, float[] b, int bAt, int n) {
    return vector.dot(a, aAt, b, bAt, n);
  }

  @Override
  public void addScaled(float scale, float[] x, int xAt, float[] y, int yAt, int n) {
    vector.addScaled(scale, x, xAt, y, yAt, n);
  }

  @Override
  public void rmsNorm(float[] x, int xAt, float[] gain, float eps, float[] y, int yAt, int n) {
    vector.rmsNorm(x, xAt, gain, eps, y, yAt, n);
  }

  @Override
  public void softmax(float[] x, int at, int n) {
    vector.softmax(x, at, n);
  }

  @Override
  public void swiglu(float[] gate, int gateAt, float[] up, int upAt, int n) {
    vector.swiglu(gate, gateAt, up, upAt, n);
  }

  private PackedFormat cacheFormat() {
    return cacheType == CacheType.BF16 ? PackedFormat.BF16 : PackedFormat.F32;
  }

  @Override
  public CacheType cacheType() {
    return code.products(cacheFormat(), precision).isPresent() ? cacheType : vector.cacheType();
  }

  @Override
  public AttentionMemory newMemory(AttentionMemory.Shape shape) {
    PackedFormat format = cacheFormat();
    return code.products(format, precision)
        .<AttentionMemory>map(made -> new PackedMemory(shape, format, made, attending))
        .orElseGet(() -> vector.newMemory(shape));
  }

  @Override
  public boolean phasesAgree() {
    return Arrays.stream(PackedFormat.values()).allMatch(format -> tiles(format) == null);
  }

  @Override
  public int parts() {
    return vector.parts();
  }

  @Override
  public void split(int items, long work, RangeBody body) {
    vector.split(items, work, body);
  }
}
