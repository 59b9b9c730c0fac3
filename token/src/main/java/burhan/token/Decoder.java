package burhan.token;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * From tokens to bytes: the {@code decoder} of a {@code tokenizer.json}, brought to two forms, one
 * for byte-level vocabularies and one for SentencePiece-like ones. Knows no ids.
 *
 * @param ofBytes tokens are written in the byte alphabet
 * @param replacements literal, within each token, in order: from at 2i, to at 2i + 1
 * @param byteFallback {@code <0xE2>} stands for one byte
 * @param stripStart what may be dropped from the front of the whole text
 * @param stripCount how often at most
 */
record Decoder(
    boolean ofBytes,
    List<String> replacements,
    boolean byteFallback,
    String stripStart,
    int stripCount) {

  static final Decoder BYTE_LEVEL = new Decoder(true, List.of(), false, "", 0);

  /** The bytes that a token stands for. */
  byte[] bytes(String token) {
    if (ofBytes) {
      return ByteAlphabet.read(token);
    }
    int fallback = byteFallback ? fallbackByte(token) : -1;
    if (fallback >= 0) {
      return new byte[] {(byte) fallback};
    }
    String text = token;
    for (int i = 0; i + 1 < replacements.size(); i += 2) {
      text = text.replace(replacements.get(i), replacements.get(i + 1));
    }
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The text of tokens in a row. */
  String text(Iterable<String> tokens) {
    StringBuilder out = new StringBuilder();
    ByteArrayOutputStream pending = new ByteArrayOutputStream();
    boolean inFallback = false;
    for (String token : tokens) {
      boolean isFallback = byteFallback && fallbackByte(token) >= 0;
      if (byteFallback && isFallback != inFallback) {
        flush(pending, inFallback, out);
        inFallback = isFallback;
      }
      pending.writeBytes(bytes(token));
    }
    flush(pending, inFallback, out);
    return strip(out.toString());
  }

  /** Drops from the front of a whole text what the decoder says is not the text's own. */
  String strip(String text) {
    int from = 0;
    for (int n = 0; n < stripCount && text.startsWith(stripStart, from); n++) {
      from += stripStart.length();
    }
    return text.substring(from);
  }

  // The reference turns each byte of an invalid run of fallback bytes into one U+FFFD.
  private static void flush(ByteArrayOutputStream pending, boolean inFallback, StringBuilder out) {
    byte[] bytes = pending.toByteArray();
    pending.reset();
    int before = out.length();
    Utf8.decode(bytes, bytes.length, true, out);
    if (inFallback && out.indexOf("\uFFFD", before) >= 0) {
      out.setLength(before);
      out.repeat(Utf8.REPLACEMENT, bytes.length);
    }
  }

  /** The byte of a token of the form {@code <0xE2>}, or -1. */
  static int fallbackByte(String token) {
    if (token.length() != 6 || !token.startsWith("<0x") || token.charAt(5) != '>') {
      return -1;
    }
    int high = Character.digit(token.charAt(3), 16);
    int low = Character.digit(token.charAt(4), 16);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }
}
