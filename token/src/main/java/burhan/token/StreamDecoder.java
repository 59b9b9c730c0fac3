package burhan.token;

import java.util.Arrays;

/**
 * Turns ids that arrive one by one into text, holding back the bytes of an unfinished character.
 * What it has given out never changes. Belongs to one thread.
 */
public final class StreamDecoder {
  private final Tokenizer tokenizer;
  private final int stripCount;
  private byte[] pending = new byte[16];
  private int size;
  private int stripped;
  private boolean atStart = true;

  StreamDecoder(Tokenizer tokenizer, int stripCount) {
    this.tokenizer = tokenizer;
    this.stripCount = stripCount;
  }

  /** The text that is certain after this token; may be empty. */
  public String push(int id) {
    byte[] bytes = tokenizer.bytes(id);
    if (pending.length < size + bytes.length) {
      pending = Arrays.copyOf(pending, 2 * (size + bytes.length));
    }
    System.arraycopy(bytes, 0, pending, size, bytes.length);
    size += bytes.length;
    return take(false);
  }

  /** What was held back, each invalid part as U+FFFD; afterwards the decoder is as new. */
  public String flush() {
    String text = take(true);
    atStart = true;
    stripped = 0;
    return text;
  }

  /** Whether the tokens so far end where a character ends. */
  public boolean isWhole() {
    return size == 0;
  }

  private String take(boolean last) {
    StringBuilder out = new StringBuilder();
    int used = Utf8.decode(pending, size, last, out);
    System.arraycopy(pending, used, pending, 0, size - used);
    size -= used;
    int from = 0;
    while (atStart && from < out.length() && stripped < stripCount && out.charAt(from) == ' ') {
      from++;
      stripped++;
    }
    atStart &= out.length() == from && stripped < stripCount;
    return out.substring(from);
  }
}
