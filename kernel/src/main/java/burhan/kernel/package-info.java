/**
 * Every inner loop behind one interface: scalar reference, Vector API, CPU detection, the worker
 * pool.
 */
@NullMarked
package burhan.kernel;

import org.jspecify.annotations.NullMarked;
