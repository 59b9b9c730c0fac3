/** The recipe on libtorch. Each stage is run(config) -> checkpoint. */
module burhan.train {
  requires static transitive org.jspecify;
  requires transitive burhan.model;
  requires transitive burhan.token;
  requires transitive burhan.task;
  requires java.desktop;
  requires org.bytedeco.javacpp;
  requires org.bytedeco.openblas;
  requires org.bytedeco.pytorch;

  exports burhan.train;
}
