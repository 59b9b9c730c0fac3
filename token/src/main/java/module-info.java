/** Text to token ids and back, and the chat template interpreter. */
module burhan.token {
  requires static transitive org.jspecify;
  requires transitive burhan.checkpoint;

  exports burhan.token;
}
