package burhan.engine;

import burhan.tensor.BadInputException;
import java.util.List;

/**
 * Looks for stop strings in text that arrives in pieces, and holds back what may become one. Knows
 * no tokens: where the pieces are cut makes no difference. The string that is complete first stops;
 * of two that end together, the longer.
 */
public final class StopStrings {
  private final List<String> stops;
  private final StringBuilder held = new StringBuilder();
  private boolean found;

  /**
   * @throws BadInputException if one is empty
   */
  public StopStrings(List<String> stops) {
    for (String stop : stops) {
      if (stop.isEmpty()) {
        throw new BadInputException("a stop string is empty, expected at least one character");
      }
    }
    this.stops = List.copyOf(stops);
  }

  List<String> strings() {
    return stops;
  }

  /** The text that is certain to stand before any stop string; nothing once one was found. */
  public String push(String text) {
    if (found) {
      return "";
    }
    if (stops.isEmpty()) {
      return text;
    }
    held.append(text);
    int from = -1;
    int end = Integer.MAX_VALUE;
    int keep = 0;
    for (String stop : stops) {
      int at = held.indexOf(stop);
      if (at >= 0 && (at + stop.length() < end || (at + stop.length() == end && at < from))) {
        from = at;
        end = at + stop.length();
      }
      keep = Math.max(keep, overlap(held, stop));
    }
    found = from >= 0;
    return take(found ? from : held.length() - keep);
  }

  /** What was held back and became no stop string. */
  public String flush() {
    return found ? "" : take(held.length());
  }

  /** Whether the text holds a stop string; it ended before that. */
  public boolean isFound() {
    return found;
  }

  private String take(int count) {
    String text = held.substring(0, count);
    held.delete(0, count);
    return text;
  }

  /** How many characters at the end of {@code text} may be the beginning of {@code wanted}. */
  static int overlap(CharSequence text, String wanted) {
    for (int n = Math.min(text.length(), wanted.length() - 1); n > 0; n--) {
      int from = text.length() - n;
      int i = 0;
      while (i < n && text.charAt(from + i) == wanted.charAt(i)) {
        i++;
      }
      if (i == n) {
        return n;
      }
    }
    return 0;
  }
}
