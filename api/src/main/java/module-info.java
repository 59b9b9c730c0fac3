/** What an application depends on: open, chat, stream, cancel, close. */
module burhan.api {
  requires static transitive org.jspecify;
  requires transitive burhan.engine;
  requires transitive burhan.hub;

  exports burhan.api;
}
