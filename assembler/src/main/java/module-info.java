/**
 * x86-64 machine code from Java: typed registers, labels, instructions as methods, executable
 * memory, what the processor offers. Knows no kernel and no number format.
 */
module burhan.assembler {
  requires static transitive org.jspecify;

  exports burhan.assembler;
}
