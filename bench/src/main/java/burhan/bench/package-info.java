/** What a model costs, predicted and measured, against this machine's own limits. */
@NullMarked
package burhan.bench;

import org.jspecify.annotations.NullMarked;
