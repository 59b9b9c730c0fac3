package burhan.task;

/**
 * Which part of the problem space a problem comes from. TRAIN and TEST are told apart by a hash of
 * the problem's key; OOD problems use operands, wordings or lexicon entries that the other two
 * never use.
 */
public enum Split {
  TRAIN,
  TEST,
  OOD
}
