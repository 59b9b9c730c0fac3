/** Scores with confidence intervals, through the engine. */
module burhan.eval {
  requires static transitive org.jspecify;
  requires transitive burhan.engine;
  requires transitive burhan.task;

  exports burhan.eval;
}
