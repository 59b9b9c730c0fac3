/**
 * Every inner loop behind one interface: scalar reference, Vector API, CPU detection, the worker
 * pool.
 */
module burhan.kernel {
  requires static transitive org.jspecify;
  requires transitive burhan.assembler;
  requires transitive burhan.tensor;
  requires jdk.incubator.vector;

  exports burhan.kernel;
}
