package burhan.engine;

import burhan.token.Tokenizer;

/** A tokenizer of the 256 bytes, each its own id, and a few added tokens. */
final class ByteTokens {
  static final int END = 256;
  static final int OPEN = 257;
  static final int CLOSE = 258;
  static final int USER = 259;
  static final int SIZE = 260;

  private ByteTokens() {}

  static Tokenizer tokenizer() {
    StringBuilder vocabulary = new StringBuilder();
    int stand = 256; // a byte that is no visible character is written as one from here on
    for (int b = 0; b < 256; b++) {
      boolean visible = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
      int c = visible ? b : stand++;
      vocabulary.append("%s\"\\u%04x\": %d".formatted(b == 0 ? "" : ", ", c, b));
    }
    return Tokenizer.parse(
        """
        {"added_tokens": [%s, %s, %s, %s],
         "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "use_regex": false},
         "decoder": {"type": "ByteLevel"},
         "model": {"type": "BPE", "vocab": {%s}, "merges": []}}
        """
            .formatted(
                added(END, "<end>", true),
                added(OPEN, "<think>", true),
                added(CLOSE, "</think>", false),
                added(USER, "<user>", true),
                vocabulary),
        "byte tokens");
  }

  private static String added(int id, String content, boolean special) {
    return """
    {"id": %d, "content": "%s", "single_word": false, "lstrip": false, "rstrip": false,
     "normalized": false, "special": %b}\
    """
        .formatted(id, content, special);
  }
}
