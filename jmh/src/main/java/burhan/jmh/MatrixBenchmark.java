package burhan.jmh;

import burhan.kernel.Matrix;
import burhan.kernel.VectorKernels;
import burhan.kernel.Workers;
import burhan.tensor.DType;
import burhan.tensor.Elements;
import burhan.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One product of a layer: a weight times one token (decode) or many (prefill), one thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class MatrixBenchmark {
  @Param({"F32", "BF16", "Q8_0"})
  DType type;

  @Param({"1", "64"})
  int tokens;

  @Param({"1536"})
  int width;

  private final Workers workers = new Workers(1);
  private final Arena arena = Arena.ofShared();
  private Matrix matrix;
  private float[] x;
  private float[] y;

  @Setup(Level.Trial)
  public void prepare() {
    Random random = new Random(1);
    float[] values = new float[width * width];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    MemorySegment data = arena.allocate(type.byteSize(values.length), 64);
    Elements.encode(type, values, 0, values.length, data, 0);
    matrix =
        new VectorKernels(workers).pack(new Tensor("w", type, new long[] {width, width}, data));
    x = new float[tokens * width];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    y = new float[tokens * width];
  }

  @Benchmark
  public float[] multiply() {
    matrix.multiply(x, 0, tokens, y, 0);
    return y;
  }

  @TearDown(Level.Trial)
  public void close() {
    workers.close();
    arena.close();
  }
}
