package burhan.task;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A setting for stories: the sentences that fit together, the kind of thing they are about and the
 * largest number that is natural there. Knows no numbers and no grammar.
 */
record Theme(String name, String kind, int most, boolean isHeldOut, List<Frame> frames) {

  /**
   * A sentence, or a few, with slots.
   *
   * @param isHeldOut kept for the out-of-distribution split
   */
  record Frame(List<Effect> effects, String text, boolean isHeldOut) {}

  /** The frames that do exactly these effects. */
  List<Frame> frames(List<Effect> effects, boolean withHeldOut) {
    List<Frame> out = new ArrayList<>();
    for (Frame frame : frames) {
      if (frame.effects.equals(effects) && (withHeldOut || !frame.isHeldOut)) {
        out.add(frame);
      }
    }
    return out;
  }

  boolean has(Effect effect) {
    return frames.stream().anyMatch(f -> f.effects.contains(effect));
  }

  /**
   * Reads a table: {@code == name | kind | most} opens a theme, {@code SET GAIN: sentence} is a
   * frame, and {@code ~} before a frame or a name holds it out.
   */
  static List<Theme> table(String text) {
    List<Theme> out = new ArrayList<>();
    for (String line : text.lines().map(String::strip).filter(s -> !s.isEmpty()).toList()) {
      if (line.startsWith("==")) {
        boolean isHeldOut = line.startsWith("==~");
        String[] head = line.substring(isHeldOut ? 3 : 2).split("\\|", -1);
        int most = Integer.parseInt(head[2].strip());
        out.add(new Theme(head[0].strip(), head[1].strip(), most, isHeldOut, new ArrayList<>()));
      } else {
        out.getLast().frames.add(frame(line));
      }
    }
    return List.copyOf(out);
  }

  private static Frame frame(String line) {
    boolean isHeldOut = line.startsWith("~");
    int colon = line.indexOf(':');
    String head = line.substring(isHeldOut ? 1 : 0, colon).strip();
    List<Effect> effects = Arrays.stream(head.split(" +", -1)).map(Effect::valueOf).toList();
    return new Frame(effects, line.substring(colon + 1).strip(), isHeldOut);
  }
}
