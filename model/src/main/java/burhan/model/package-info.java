/** One short file per architecture: config, weight names, wiring only. */
@NullMarked
package burhan.model;

import org.jspecify.annotations.NullMarked;
