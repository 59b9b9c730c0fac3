package burhan.token;

import java.util.ArrayList;
import java.util.List;

/** A text cut into pieces; merges never cross from one to the next. Empty pieces do not count. */
final class Pieces {
  private final String text;
  private final boolean atStart;
  private final Ids bounds;

  /**
   * @param atStart whether the first piece is the beginning of what the user gave
   */
  Pieces(String text, boolean atStart, int expected) {
    this.text = text;
    this.atStart = atStart;
    this.bounds = new Ids(2 * expected);
  }

  static Pieces whole(String text, boolean atStart) {
    Pieces pieces = new Pieces(text, atStart, 1);
    pieces.add(0, text.length());
    return pieces;
  }

  void add(int from, int to) {
    if (to > from) {
      bounds.add(from);
      bounds.add(to);
    }
  }

  String text() {
    return text;
  }

  boolean atStart() {
    return atStart;
  }

  int count() {
    return bounds.size() / 2;
  }

  int from(int piece) {
    return bounds.at(2 * piece);
  }

  int to(int piece) {
    return bounds.at(2 * piece + 1);
  }

  List<String> strings() {
    List<String> strings = new ArrayList<>(count());
    for (int i = 0; i < count(); i++) {
      strings.add(text.substring(from(i), to(i)));
    }
    return strings;
  }
}
