package burhan.assembler;

/** What a vector instruction reads last: a register or memory. */
public sealed interface Source permits Vec, Mem {}
