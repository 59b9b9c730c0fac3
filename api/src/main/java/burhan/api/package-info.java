/** What an application depends on: open, chat, stream, cancel, close. */
@NullMarked
package burhan.api;

import org.jspecify.annotations.NullMarked;
