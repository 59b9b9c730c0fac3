/** One short file per architecture: config, weight names, wiring only. */
module burhan.model {
  requires static transitive org.jspecify;
  requires transitive burhan.nn;
  requires transitive burhan.checkpoint;

  exports burhan.model;
}
