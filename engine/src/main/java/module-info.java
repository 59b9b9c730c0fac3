/**
 * Requests to tokens: sampler, thinking splitter, stop strings, streaming. Knows no HTTP and no
 * terminal.
 */
module burhan.engine {
  requires static transitive org.jspecify;
  requires transitive burhan.model;
  requires transitive burhan.token;

  exports burhan.engine;
}
