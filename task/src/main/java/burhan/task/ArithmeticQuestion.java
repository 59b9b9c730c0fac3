package burhan.task;

import burhan.task.Vocabulary.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a question for one arithmetic expression, bare or in words, English or Arabic. A word it
 * does not know makes the question none of its business. Knows no generator.
 */
final class ArithmeticQuestion {
  /** A number, or the role a word plays when {@code number} is null. */
  private record Part(Role role, Expression number) {}

  private static final class NotArithmetic extends Exception {
    private static final long serialVersionUID = 1L;

    NotArithmetic() {
      super("not arithmetic", null, false, false);
    }
  }

  private static final int MAX_DEPTH = 40;
  private static final Expression NONE = new Expression.Literal(Rational.of(0));

  private final List<Part> parts;
  private int at;
  private int depth;

  private ArithmeticQuestion(List<Part> parts) {
    this.parts = parts;
  }

  /** The expression asked for, with at least one operation; empty if it is no such question. */
  static Optional<Expression> parse(List<Lexeme> lexemes) {
    try {
      List<Part> parts = parts(lexemes);
      boolean together = parts.removeIf(p -> p.role == Role.TOGETHER);
      while (!parts.isEmpty() && isMargin(parts.getLast().role)) {
        parts.removeLast();
      }
      while (!parts.isEmpty() && parts.getFirst().role == Role.AND) {
        parts.removeFirst();
      }
      ArithmeticQuestion question = new ArithmeticQuestion(parts);
      Expression expression = together ? question.sum() : question.whole();
      if (question.at < parts.size() || expression instanceof Expression.Literal) {
        return Optional.empty();
      }
      return Optional.of(expression);
    } catch (NotArithmetic e) {
      return Optional.empty();
    }
  }

  /** What may follow a question: {@code =}, or the comma before a courtesy. */
  private static boolean isMargin(Role role) {
    return role == Role.EQUALS || role == Role.AND;
  }

  private static List<Part> parts(List<Lexeme> lexemes) throws NotArithmetic {
    List<Part> out = new ArrayList<>();
    int i = 0;
    while (i < lexemes.size()) {
      if (lexemes.get(i) instanceof Lexeme.Literal n) {
        out.add(new Part(Role.FILL, new Expression.Literal(n.value())));
        i++;
        continue;
      }
      int length = Math.min(Vocabulary.LONGEST, lexemes.size() - i);
      Role role = null;
      while (length > 0 && role == null) {
        role = Vocabulary.role(joined(lexemes, i, length));
        length--;
      }
      if (role == null) {
        throw new NotArithmetic();
      }
      if (role != Role.FILL) {
        out.add(new Part(role, NONE));
      }
      i += length + 1;
    }
    return out;
  }

  private static String joined(List<Lexeme> lexemes, int from, int length) {
    StringBuilder out = new StringBuilder();
    for (Lexeme lexeme : lexemes.subList(from, from + length)) {
      out.append(out.isEmpty() ? "" : " ");
      switch (lexeme) {
        case Lexeme.Word w -> out.append(w.text());
        case Lexeme.Sign s -> out.append(s.c());
        case Lexeme.Literal n -> out.append('#');
      }
    }
    return out.toString();
  }

  private Expression whole() throws NotArithmetic {
    if (accept(Role.SUM)) {
      return sum();
    }
    if (accept(Role.TAKE)) {
      Expression taken = primary();
      expect(Role.FROM);
      return new Expression.Binary('-', primary(), taken);
    }
    if (accept(Role.GAP)) {
      Expression a = primary();
      expect(Role.AND);
      Expression b = primary();
      boolean inOrder = value(a).minus(value(b)).signum() >= 0;
      return new Expression.Binary('-', inOrder ? a : b, inOrder ? b : a);
    }
    if (accept(Role.PRODUCT)) {
      return list('*', Role.AND, Role.BY, Role.TIMES);
    }
    if (accept(Role.QUOTIENT)) {
      Expression dividend = primary();
      expect(Role.AND, Role.BY, Role.OVER, Role.INTO);
      return new Expression.Binary('/', dividend, primary());
    }
    if (accept(Role.GOES_INTO)) {
      Expression divisor = primary();
      expect(Role.INTO, Role.TIMES);
      return new Expression.Binary('/', primary(), divisor);
    }
    Expression left = additive();
    if (accept(Role.LESS_THAN)) {
      return new Expression.Binary('-', additive(), left);
    }
    return left;
  }

  private Expression sum() throws NotArithmetic {
    return list('+', Role.AND, Role.TO, Role.PLUS);
  }

  private Expression list(char operator, Role... separators) throws NotArithmetic {
    Expression out = primary();
    expect(separators);
    do {
      while (accept(separators)) {
        // "3, 4, and 5": two separators in a row read as one.
      }
      out = new Expression.Binary(operator, out, primary());
    } while (accept(separators));
    return out;
  }

  private Expression additive() throws NotArithmetic {
    Expression out = multiplicative();
    while (true) {
      if (accept(Role.PLUS, Role.SUM)) {
        out = new Expression.Binary('+', out, multiplicative());
      } else if (accept(Role.MINUS, Role.TAKE)) {
        out = new Expression.Binary('-', out, multiplicative());
      } else {
        return out;
      }
    }
  }

  private Expression multiplicative() throws NotArithmetic {
    Expression out = unary();
    while (true) {
      if (accept(Role.TIMES, Role.PRODUCT)) {
        out = new Expression.Binary('*', out, unary());
      } else if (accept(Role.OVER, Role.QUOTIENT)) {
        out = new Expression.Binary('/', out, unary());
      } else {
        return out;
      }
    }
  }

  private Expression unary() throws NotArithmetic {
    return accept(Role.MINUS) ? new Expression.Negation(primary()) : primary();
  }

  private Expression primary() throws NotArithmetic {
    if (at >= parts.size()) {
      throw new NotArithmetic();
    }
    Part part = parts.get(at);
    if (part.role == Role.OPEN && ++depth <= MAX_DEPTH) {
      at++;
      Expression inside = additive();
      expect(Role.CLOSE);
      depth--;
      return inside;
    }
    if (part.role != Role.FILL) {
      throw new NotArithmetic();
    }
    at++;
    return part.number;
  }

  private boolean accept(Role... roles) {
    if (at < parts.size() && List.of(roles).contains(parts.get(at).role)) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(Role... roles) throws NotArithmetic {
    if (!accept(roles)) {
      throw new NotArithmetic();
    }
  }

  private static Rational value(Expression e) throws NotArithmetic {
    try {
      return e.value();
    } catch (ArithmeticException dividesByZero) {
      throw new NotArithmetic();
    }
  }
}
