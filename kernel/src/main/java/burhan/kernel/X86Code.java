package burhan.kernel;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import burhan.assembler.ExecutableMemory;
import burhan.assembler.ExecutableMemoryException;
import burhan.assembler.Feature;
import burhan.assembler.Processor;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The emitted kernels of this process: made on first use of a format, proved by {@link SelfTest},
 * and switched off for good when they fail. Chooses the instructions from what the processor has.
 */
final class X86Code {
  private static final FunctionDescriptor PRODUCT =
      FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
  private static final FunctionDescriptor TILE_PRODUCT =
      FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
  private static final FunctionDescriptor THREE_LONGS =
      FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG, JAVA_LONG);

  private static final Set<Feature> AMX =
      Set.of(Feature.AMX_TILE, Feature.AMX_BF16, Feature.AMX_INT8);
  private static final Set<Feature> TILE_FEATURES =
      Set.of(Feature.AVX512, Feature.AVX512_BF16, Feature.AMX_TILE, Feature.AMX_BF16);

  private final Processor processor;
  private final UnaryOperator<byte[]> fault;
  private final Map<Kind, Optional<Products>> products = new HashMap<>();
  private final Map<PackedFormat, Optional<Tiles>> tiles = new EnumMap<>(PackedFormat.class);
  private final MethodHandle quantiseWords;
  private final MethodHandle quantiseBytes;

  /**
   * @param fault applied to every kernel's bytes before they are loaded; the identity but in tests
   * @throws ExecutableMemoryException if code may not be made executable here, or AVX2 is missing
   */
  X86Code(Processor processor, UnaryOperator<byte[]> fault) throws ExecutableMemoryException {
    if (!processor.has(Feature.AVX2)
        || !processor.has(Feature.FMA)
        || !processor.has(Feature.F16C)) {
      throw new ExecutableMemoryException("the processor has no AVX2, FMA and F16C");
    }
    this.processor = withTilesIfGranted(processor);
    this.fault = fault;
    this.quantiseWords = load(QuantisedActivations.WORDS.emit(), THREE_LONGS);
    this.quantiseBytes = load(QuantisedActivations.BYTES.emit(), THREE_LONGS);
  }

  private static Processor withTilesIfGranted(Processor processor) {
    if (!processor.features().containsAll(TILE_FEATURES)) {
      return processor.masked(AMX);
    }
    try {
      processor.requestAmx();
      return processor;
    } catch (ExecutableMemoryException e) {
      log("AMX is not used, prompts take the AVX-512 kernels: {0}", String.valueOf(e.getMessage()));
      return processor.masked(AMX);
    }
  }

  /** What one set of functions multiplies: floats if nothing is quantised. */
  private record Kind(PackedFormat format, @Nullable QuantisedActivations activations) {}

  /** The functions of one format; arguments are addresses and counts as {@link X86Emitter} says. */
  static final class Products {
    private final @Nullable QuantisedActivations activations;
    private final MethodHandle[] byTokens; // from 1 on
    private final MethodHandle[] adding; // floats only

    Products(
        @Nullable QuantisedActivations activations,
        MethodHandle[] byTokens,
        MethodHandle[] adding) {
      this.activations = activations;
      this.byTokens = byTokens;
      this.adding = adding;
    }

    /** How activations are prepared: null for floats as they are. */
    @Nullable QuantisedActivations activations() {
      return activations;
    }

    /** Most tokens of a call. */
    int mostTokens() {
      return byTokens.length;
    }

    void run(int tokens, long weights, long x, long out, long groups, long units) {
      try {
        byTokens[tokens - 1].invokeExact(weights, x, out, groups, units);
      } catch (Throwable e) {
        throw new AssertionError("emitted code throws nothing", e);
      }
    }

    /** As {@link #run}, added to what {@code out} holds. */
    void add(int tokens, long weights, long x, long out, long groups, long units) {
      try {
        adding[tokens - 1].invokeExact(weights, x, out, groups, units);
      } catch (Throwable e) {
        throw new AssertionError("emitted code throws nothing", e);
      }
    }
  }

  /** What the vectors and the dot product are called in a report, such as {@code avx2}. */
  String name() {
    if (processor.has(Feature.AVX512)) {
      String vectors = processor.has(Feature.AVX512_VNNI) ? "avx512-vnni" : "avx512";
      return vectors + (processor.has(Feature.AMX_TILE) ? "-amx" : "");
    }
    return processor.has(Feature.AVX_VNNI) ? "avx-vnni" : "avx2";
  }

  /** The kernels of a format, or nothing if they gave wrong results here. */
  synchronized Optional<Products> products(PackedFormat format, Precision precision) {
    QuantisedActivations activations = null;
    if (format.isInteger()) {
      boolean isFast = precision == Precision.FAST && ByteKernel.serves(format);
      activations = isFast ? QuantisedActivations.BYTES : QuantisedActivations.WORDS;
    }
    Kind kind = new Kind(format, activations);
    Optional<Products> known = products.get(kind);
    if (known == null) {
      known = make(kind);
      products.put(kind, known);
    }
    return known;
  }

  private Optional<Products> make(Kind kind) {
    PackedFormat format = kind.format();
    Products made;
    try {
      int most = X86Emitter.mostTokens(format, processor.has(Feature.AVX512));
      MethodHandle[] byTokens = new MethodHandle[most];
      MethodHandle[] adding = new MethodHandle[format.isInteger() ? 0 : most];
      for (int t = 0; t < most; t++) {
        byTokens[t] = load(emitter(kind, t + 1).emit(), PRODUCT);
        if (emitter(kind, t + 1) instanceof FloatKernel floats) {
          adding[t] = load(floats.emitAdding(), PRODUCT);
        }
      }
      made = new Products(kind.activations(), byTokens, adding);
    } catch (ExecutableMemoryException e) {
      switchedOff(format, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
    Optional<String> difference = SelfTest.run(this, format, made, null);
    difference.ifPresent(what -> switchedOff(format, what));
    return difference.isPresent() ? Optional.empty() : Optional.of(made);
  }

  private static void switchedOff(PackedFormat format, String why) {
    log("machine code for {0} is switched off, the Vector API takes over: {1}", format, why);
  }

  private static void log(String line, Object... values) {
    System.getLogger("burhan.kernel").log(System.Logger.Level.WARNING, line, values);
  }

  /** What multiplies prompts in tiles, if this processor does and the format may be rounded. */
  synchronized Optional<Tiles> tiles(PackedFormat format) {
    Optional<Products> others = products(format, Precision.FAST);
    if (others.isEmpty() || !processor.has(Feature.AMX_TILE) || !TileEmitter.serves(format)) {
      return Optional.empty();
    }
    Optional<Tiles> known = tiles.get(format);
    if (known == null) {
      known = makeTiles(format, others.get());
      tiles.put(format, known);
    }
    return known;
  }

  private Optional<Tiles> makeTiles(PackedFormat format, Products others) {
    Optional<String> difference;
    Tiles made = null;
    try {
      made =
          new X86Tiles(
              load(TileEmitter.convert(), THREE_LONGS),
              load(TileEmitter.unpack(format), THREE_LONGS),
              load(TileEmitter.multiply(1), TILE_PRODUCT),
              load(TileEmitter.multiply(2), TILE_PRODUCT));
      difference = SelfTest.run(this, format, others, made);
    } catch (ExecutableMemoryException e) {
      difference = Optional.of(String.valueOf(e.getMessage()));
    }
    difference.ifPresent(
        why -> log("tiles for {0} are switched off, prompts take AVX-512: {1}", format, why));
    return difference.isPresent() ? Optional.empty() : Optional.ofNullable(made);
  }

  private X86Emitter emitter(Kind kind, int tokens) {
    boolean is512 = processor.has(Feature.AVX512);
    boolean hasVnni = processor.has(is512 ? Feature.AVX512_VNNI : Feature.AVX_VNNI);
    return X86Emitter.of(kind.format(), kind.activations(), tokens, is512, hasVnni);
  }

  // Loaded code lives as long as the process: kernels are shared and a handle must stay callable.
  private MethodHandle load(byte[] code, FunctionDescriptor descriptor)
      throws ExecutableMemoryException {
    return ExecutableMemory.load(fault.apply(code)).function(descriptor);
  }

  /** {@code blocks} blocks of 32 floats as {@code activations} lays them out. */
  void quantise(QuantisedActivations activations, long floats, long out, long blocks) {
    try {
      switch (activations) {
        case WORDS -> quantiseWords.invokeExact(floats, out, blocks);
        case BYTES -> quantiseBytes.invokeExact(floats, out, blocks);
      }
    } catch (Throwable e) {
      throw new AssertionError("emitted code throws nothing", e);
    }
  }
}
