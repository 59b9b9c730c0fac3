/** The burhan command: the only main and the only System.out. */
@NullMarked
package burhan.cli;

import org.jspecify.annotations.NullMarked;
