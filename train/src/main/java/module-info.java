/** The recipe on libtorch. Each stage is run(config) -> checkpoint. */
module burhan.train {
  requires static transitive org.jspecify;
  requires transitive burhan.engine;
  requires transitive burhan.task;
  requires transitive burhan.bench;
  requires org.bytedeco.pytorch;
  requires org.bytedeco.javacpp;

  exports burhan.train;
}
