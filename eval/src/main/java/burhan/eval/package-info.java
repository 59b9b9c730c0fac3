/** Scores with confidence intervals, through the engine. */
@NullMarked
package burhan.eval;

import org.jspecify.annotations.NullMarked;
