package burhan.checkpoint;

import burhan.tensor.DType;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a GGUF file as a whole is called: the type of most of its tensors, and how much of it has
 * more bits. Which tensors those are is {@link TypeMix}'s.
 */
public enum FileType {
  F32(0, DType.F32),
  F16(1, DType.F16),
  BF16(32, DType.BF16),
  Q4_0(2, DType.Q4_0),
  Q4_1(3, DType.Q4_1),
  Q5_0(8, DType.Q5_0),
  Q5_1(9, DType.Q5_1),
  Q8_0(7, DType.Q8_0),
  Q2_K(10, DType.Q2_K),
  Q3_K_S(11, DType.Q3_K),
  Q3_K_M(12, DType.Q3_K),
  Q3_K_L(13, DType.Q3_K),
  Q4_K_S(14, DType.Q4_K),
  Q4_K_M(15, DType.Q4_K),
  Q5_K_S(16, DType.Q5_K),
  Q5_K_M(17, DType.Q5_K),
  Q6_K(18, DType.Q6_K),
  IQ4_NL(25, DType.IQ4_NL),
  IQ4_XS(30, DType.IQ4_XS);

  private final int number;
  private final DType base;

  FileType(int number, DType base) {
    this.number = number;
    this.base = base;
  }

  /** The value of {@code general.file_type}. */
  public int number() {
    return number;
  }

  /** The type of most tensors. */
  public DType base() {
    return base;
  }

  /** Whether its tensors are blocks of numbers under a scale. */
  public boolean isQuantized() {
    return base.blockElements() > 1;
  }

  /**
   * The type of that name, in any case; {@code Q4_K} is {@code Q4_K_M} and so on, as everybody
   * says.
   */
  public static @Nullable FileType of(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    return Arrays.stream(values())
        .filter(type -> type.name().equals(upper) || type.name().equals(upper + "_M"))
        .findFirst()
        .orElse(null);
  }
}
