package burhan.assembler;

/** A place in the code to jump to; made and bound by one {@link Assembler}. */
public final class Label {
  final Encoder owner;
  private int position = -1;
  private int jumpsBefore;

  Label(Encoder owner) {
    this.owner = owner;
  }

  void bind(int bytesBefore, int jumpsBefore) {
    if (position >= 0) {
      throw new IllegalStateException("this label is bound already");
    }
    position = bytesBefore;
    this.jumpsBefore = jumpsBefore;
  }

  /** Bytes before this place, jumps not counted. */
  int position() {
    if (position < 0) {
      throw new IllegalStateException("a jump leads to a label that was never bound");
    }
    return position;
  }

  int jumpsBefore() {
    return jumpsBefore;
  }
}
