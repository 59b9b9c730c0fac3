package burhan.task;

/** The language a question is asked in. */
public enum Language {
  EN,
  AR
}
