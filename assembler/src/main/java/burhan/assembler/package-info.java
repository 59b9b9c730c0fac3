/**
 * x86-64 machine code from Java: typed registers, labels, instructions as methods, executable
 * memory, what the processor offers.
 */
@NullMarked
package burhan.assembler;

import org.jspecify.annotations.NullMarked;
