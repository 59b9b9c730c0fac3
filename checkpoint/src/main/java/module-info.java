/** Model files as named tensors with metadata: read and write. JSON enters here. */
module burhan.checkpoint {
  requires static transitive org.jspecify;
  requires transitive burhan.kernel;
  requires transitive tools.jackson.databind;

  exports burhan.checkpoint;
}
