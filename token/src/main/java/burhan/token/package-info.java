/** Text to token ids and back, and the chat template interpreter. */
@NullMarked
package burhan.token;

import org.jspecify.annotations.NullMarked;
