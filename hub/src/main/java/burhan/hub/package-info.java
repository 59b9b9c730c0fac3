/**
 * Everything that goes out: models from a hub into the cache that other tools share. The only
 * module that opens an outbound connection.
 */
@NullMarked
package burhan.hub;

import org.jspecify.annotations.NullMarked;
