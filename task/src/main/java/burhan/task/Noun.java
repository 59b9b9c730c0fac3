package burhan.task;

/**
 * A thing that can be counted.
 *
 * @param kind what sort of thing: object, food, container, people, ...
 * @param isFeminine grammatical gender; false in English
 */
record Noun(String singular, String plural, boolean isFeminine, String kind) {
  boolean isHeldOut() {
    return Long.remainderUnsigned(Splits.hash("noun " + singular), 10) == 0;
  }
}
