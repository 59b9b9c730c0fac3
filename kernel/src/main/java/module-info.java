/**
 * Every inner loop behind one interface: scalar reference, Vector API, emitted machine code;
 * attention's memory; the worker pool.
 */
module burhan.kernel {
  requires static transitive org.jspecify;
  requires transitive burhan.assembler;
  requires transitive burhan.tensor;
  requires jdk.incubator.vector;
  requires jdk.management;

  exports burhan.kernel;
}
