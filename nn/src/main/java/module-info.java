/** Layers: linear, RMSNorm, RoPE and YaRN, attention, experts, key-value caches. */
module burhan.nn {
  requires static transitive org.jspecify;
  requires transitive burhan.kernel;

  exports burhan.nn;
}
