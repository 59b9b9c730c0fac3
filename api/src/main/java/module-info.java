/** What an application depends on: open, chat, stream, cancel, close. */
module burhan.api {
  requires static transitive org.jspecify;
  requires transitive burhan.engine;

  exports burhan.api;
}
