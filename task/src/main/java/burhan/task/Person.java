package burhan.task;

/** Somebody in a story. */
record Person(String name, boolean isFeminine) {
  boolean isHeldOut() {
    return Long.remainderUnsigned(Splits.hash("name " + name), 10) == 0;
  }
}
