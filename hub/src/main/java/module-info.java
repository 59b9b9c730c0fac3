/**
 * Everything that goes out: models from a hub into the cache that other tools share. The only
 * module that opens an outbound connection.
 */
module burhan.hub {
  requires static transitive org.jspecify;
  requires transitive burhan.token;
  requires java.net.http;

  exports burhan.hub;
}
