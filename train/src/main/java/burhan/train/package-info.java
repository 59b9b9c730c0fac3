/** The recipe on libtorch. Each stage is run(config) -> checkpoint. */
@NullMarked
package burhan.train;

import org.jspecify.annotations.NullMarked;
