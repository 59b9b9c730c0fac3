/**
 * What numbers look like: shapes, element and block formats with their scalar encode and decode,
 * mapped memory. No kernels.
 */
module burhan.tensor {
  requires static transitive org.jspecify;

  exports burhan.tensor;
}
