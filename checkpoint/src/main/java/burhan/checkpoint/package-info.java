/** Model files as named tensors with metadata: read and write. JSON enters here. */
@NullMarked
package burhan.checkpoint;

import org.jspecify.annotations.NullMarked;
