/**
 * What numbers look like: shapes, element and block formats with their scalar encode and decode,
 * mapped memory. No kernels.
 */
@NullMarked
package burhan.tensor;

import org.jspecify.annotations.NullMarked;
