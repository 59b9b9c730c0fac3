package burhan.assembler;

/**
 * An AMX tile register.
 *
 * @param index 0 to 7
 */
public record Tile(int index) {
  public Tile {
    if (index < 0 || index > 7) {
      throw new IllegalArgumentException("tile register " + index + ": there are 0 to 7");
    }
  }

  @Override
  public String toString() {
    return "tmm" + index;
  }
}
