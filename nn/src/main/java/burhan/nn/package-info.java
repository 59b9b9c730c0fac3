/** Layers: linear, RMSNorm, RoPE and YaRN, attention, experts, key-value caches. */
@NullMarked
package burhan.nn;

import org.jspecify.annotations.NullMarked;
