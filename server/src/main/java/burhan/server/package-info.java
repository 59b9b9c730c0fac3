/** HTTP APIs that existing clients speak, on loopback unless asked otherwise. */
@NullMarked
package burhan.server;

import org.jspecify.annotations.NullMarked;
