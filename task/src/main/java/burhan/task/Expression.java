package burhan.task;

import java.util.List;

/** An arithmetic expression: its exact value and how it is shown. Knows no text to parse. */
sealed interface Expression {
  /** A literal that is not negative. */
  record Literal(Rational value) implements Expression {}

  /** Minus one operand. */
  record Negation(Expression operand) implements Expression {}

  /** {@code operator} is one of {@code + - * /}. */
  record Binary(char operator, Expression left, Expression right) implements Expression {}

  /**
   * The exact value.
   *
   * @throws ArithmeticException if it divides by zero
   */
  default Rational value() {
    return switch (this) {
      case Literal n -> n.value();
      case Negation n -> n.operand().value().negate();
      case Binary b -> apply(b.operator(), b.left().value(), b.right().value());
    };
  }

  /** The literals in reading order. */
  default void collectNumbers(List<Rational> into) {
    switch (this) {
      case Literal n -> into.add(n.value());
      case Negation n -> n.operand().collectNumbers(into);
      case Binary b -> {
        b.left().collectNumbers(into);
        b.right().collectNumbers(into);
      }
    }
  }

  /** Whether a minus with one operand is in it. */
  default boolean hasNegation() {
    return switch (this) {
      case Literal n -> false;
      case Negation n -> true;
      case Binary b -> b.left().hasNegation() || b.right().hasNegation();
    };
  }

  /** As a person writes it: {@code 3 x (12 + 5)}. */
  default String shown() {
    return switch (this) {
      case Literal n -> n.value().isInteger() ? n.value().toString() : "(" + n.value() + ")";
      case Negation n -> "-" + bracketed(n.operand(), 3);
      case Binary b -> {
        int level = precedence(this);
        String sign = b.operator() == '*' ? "x" : String.valueOf(b.operator());
        boolean strict = b.operator() == '-' || b.operator() == '/';
        yield bracketed(b.left(), level)
            + " "
            + sign
            + " "
            + bracketed(b.right(), strict ? level + 1 : level);
      }
    };
  }

  private static String bracketed(Expression e, int atLeast) {
    return precedence(e) < atLeast ? "(" + e.shown() + ")" : e.shown();
  }

  private static int precedence(Expression e) {
    return switch (e) {
      case Literal n -> 4;
      case Negation n -> 1;
      case Binary b -> b.operator() == '+' || b.operator() == '-' ? 1 : 2;
    };
  }

  private static Rational apply(char operator, Rational a, Rational b) {
    return switch (operator) {
      case '+' -> a.plus(b);
      case '-' -> a.minus(b);
      case '*' -> a.times(b);
      case '/' -> a.over(b);
      default -> throw new IllegalStateException("operator " + operator);
    };
  }
}
