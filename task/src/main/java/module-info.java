/**
 * Questions with checkable answers: seeded generators and strict verifiers, in English and Arabic.
 */
module burhan.task {
  requires static transitive org.jspecify;
  requires transitive burhan.tensor;

  exports burhan.task;
}
