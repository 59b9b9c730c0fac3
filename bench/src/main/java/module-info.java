/** What a model costs, predicted and measured, against this machine's own limits. */
module burhan.bench {
  requires static transitive org.jspecify;
  requires transitive burhan.engine;

  exports burhan.bench;
}
