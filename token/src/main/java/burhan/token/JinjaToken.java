package burhan.token;

/**
 * A token of a template.
 *
 * @param text the text between tags, a name, an operator, or the value of a literal
 * @param line where it stands, from 1
 */
record JinjaToken(Kind kind, String text, int line) {
  enum Kind {
    DATA,
    PRINT_BEGIN,
    PRINT_END,
    BLOCK_BEGIN,
    BLOCK_END,
    NAME,
    STRING,
    INTEGER,
    FLOAT,
    OPERATOR,
    END
  }

  boolean is(Kind expected, String expectedText) {
    return kind == expected && text.equals(expectedText);
  }

  boolean isName(String name) {
    return is(Kind.NAME, name);
  }

  boolean isOperator(String operator) {
    return is(Kind.OPERATOR, operator);
  }

  String shown() {
    return kind == Kind.END ? "the end of the template" : "'" + text + "'";
  }
}
