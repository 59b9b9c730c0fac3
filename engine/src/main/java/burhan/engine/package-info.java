/**
 * Requests to tokens: sampler, thinking splitter, stop strings, streaming. Knows no HTTP and no
 * terminal.
 */
@NullMarked
package burhan.engine;

import org.jspecify.annotations.NullMarked;
