package burhan.token;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The visible stand-ins of the 256 bytes in a byte-level vocabulary (GPT-2): printable Latin-1
 * stands for itself, the rest moves up to U+0100 and on, so that a space reads {@code Ġ}.
 */
final class ByteAlphabet {
  private static final char[] CHARS = chars();
  private static final short[] BYTES = bytes();

  private ByteAlphabet() {}

  static char toChar(int value) {
    return CHARS[value & 0xFF];
  }

  /** Writes bytes as their stand-ins. */
  static String write(byte[] bytes) {
    StringBuilder out = new StringBuilder(bytes.length);
    for (byte b : bytes) {
      out.append(toChar(b));
    }
    return out.toString();
  }

  /**
   * The bytes of a token: stand-ins undone, or, as the reference does for added tokens such as
   * {@code <｜User｜>}, the token's own UTF-8 as soon as one character is no stand-in.
   */
  static byte[] read(String token) {
    byte[] bytes = readOrNull(token);
    return bytes == null ? token.getBytes(StandardCharsets.UTF_8) : bytes;
  }

  /** The bytes of a token that is written in stand-ins alone, or null. */
  static byte @Nullable [] readOrNull(String token) {
    byte[] out = new byte[token.length()];
    for (int i = 0; i < out.length; i++) {
      char c = token.charAt(i);
      int value = c < BYTES.length ? BYTES[c] : -1;
      if (value < 0) {
        return null;
      }
      out[i] = (byte) value;
    }
    return out;
  }

  private static char[] chars() {
    char[] chars = new char[256];
    int moved = 256;
    for (int b = 0; b < 256; b++) {
      boolean visible = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
      chars[b] = (char) (visible ? b : moved++);
    }
    return chars;
  }

  private static short[] bytes() {
    short[] bytes = new short[512];
    Arrays.fill(bytes, (short) -1);
    for (int b = 0; b < 256; b++) {
      bytes[CHARS[b]] = (short) b;
    }
    return bytes;
  }
}
