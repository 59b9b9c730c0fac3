package burhan.token;

import burhan.tensor.BadInputException;
import burhan.token.JinjaNode.Arguments;
import burhan.token.JinjaNode.Expression;
import burhan.token.JinjaToken.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parses expressions by recursive descent, with Jinja's own order of precedence. */
final class JinjaExpressions {
  private static final int DEEPEST = 100;
  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

  private final List<JinjaToken> tokens;
  private int at;
  private int depth;
  private boolean sawMore; // varargs or kwargs were named

  JinjaExpressions(List<JinjaToken> tokens) {
    this.tokens = tokens;
  }

  JinjaToken peek() {
    return tokens.get(at);
  }

  JinjaToken next() {
    JinjaToken token = tokens.get(at);
    at += token.kind() == Kind.END ? 0 : 1;
    return token;
  }

  boolean takeName(String name) {
    boolean found = peek().isName(name);
    at += found ? 1 : 0;
    return found;
  }

  boolean takeOperator(String operator) {
    boolean found = peek().isOperator(operator);
    at += found ? 1 : 0;
    return found;
  }

  void expectOperator(String operator) {
    if (!takeOperator(operator)) {
      throw error("expected '" + operator + "', got " + peek().shown());
    }
  }

  String expectName() {
    if (peek().kind() != Kind.NAME) {
      throw error("expected a name, got " + peek().shown());
    }
    return next().text();
  }

  BadInputException error(String what) {
    return new BadInputException("chat template: line " + peek().line() + ": " + what);
  }

  void enter() {
    if (++depth > DEEPEST) {
      throw error("nested deeper than " + DEEPEST + " levels");
    }
  }

  void leave() {
    depth--;
  }

  /** Whether varargs or kwargs were named; from now on it is as given. */
  boolean sawMore(boolean fromNow) {
    boolean saw = sawMore;
    sawMore = fromNow;
    return saw;
  }

  /** One expression, or several with commas between them as a tuple. */
  Expression tuple(boolean withCondition) {
    Expression first = withCondition ? expression() : or();
    if (!peek().isOperator(",")) {
      return first;
    }
    List<Expression> items = new ArrayList<>(List.of(first));
    while (takeOperator(",")) {
      if (isTupleEnd()) {
        break;
      }
      items.add(withCondition ? expression() : or());
    }
    return new JinjaNode.TupleOf(items);
  }

  private boolean isTupleEnd() {
    return peek().kind() == Kind.BLOCK_END
        || peek().kind() == Kind.PRINT_END
        || peek().isOperator(")")
        || peek().isName("recursive");
  }

  /** An expression, conditional or not. */
  Expression expression() {
    enter();
    Expression value = or();
    while (takeName("if")) {
      Expression condition = or();
      value = new JinjaNode.Conditional(condition, value, takeName("else") ? expression() : null);
    }
    leave();
    return value;
  }

  private Expression or() {
    Expression left = and();
    while (takeName("or")) {
      left = new JinjaNode.Or(left, and());
    }
    return left;
  }

  private Expression and() {
    Expression left = not();
    while (takeName("and")) {
      left = new JinjaNode.And(left, not());
    }
    return left;
  }

  private Expression not() {
    if (!takeName("not")) {
      return comparison();
    }
    enter();
    Expression of = not();
    leave();
    return new JinjaNode.Not(of);
  }

  private Expression comparison() {
    Expression first = sum();
    List<String> operators = new ArrayList<>();
    List<Expression> others = new ArrayList<>();
    while (true) {
      if (peek().kind() == Kind.OPERATOR && COMPARISONS.contains(peek().text())) {
        operators.add(next().text());
      } else if (takeName("in")) {
        operators.add("in");
      } else if (peek().isName("not") && tokens.get(at + 1).isName("in")) {
        at += 2;
        operators.add("not in");
      } else {
        break;
      }
      others.add(sum());
    }
    return operators.isEmpty() ? first : new JinjaNode.Compare(first, operators, others);
  }

  private Expression sum() {
    Expression left = concat();
    while (peek().isOperator("+") || peek().isOperator("-")) {
      left = new JinjaNode.Arithmetic(next().text(), left, concat());
    }
    return left;
  }

  private Expression concat() {
    Expression first = product();
    if (!peek().isOperator("~")) {
      return first;
    }
    List<Expression> parts = new ArrayList<>(List.of(first));
    while (takeOperator("~")) {
      parts.add(product());
    }
    return new JinjaNode.Concat(parts);
  }

  private Expression product() {
    Expression left = power();
    while (peek().isOperator("*")
        || peek().isOperator("/")
        || peek().isOperator("//")
        || peek().isOperator("%")) {
      left = new JinjaNode.Arithmetic(next().text(), left, power());
    }
    return left;
  }

  private Expression power() {
    Expression left = unary(true);
    while (takeOperator("**")) {
      left = new JinjaNode.Arithmetic("**", left, unary(true));
    }
    return left;
  }

  // A filter applies to the signed value: -1|abs is 1.
  private Expression unary(boolean withFilters) {
    Expression value;
    if (peek().isOperator("-") || peek().isOperator("+")) {
      enter();
      boolean negative = next().isOperator("-");
      value = new JinjaNode.Sign(unary(false), negative);
      leave();
    } else {
      value = primary();
    }
    value = postfix(value);
    return withFilters ? filtersAndTests(value) : value;
  }

  private Expression primary() {
    JinjaToken token = next();
    return switch (token.kind()) {
      case NAME -> name(token.text());
      case STRING -> {
        StringBuilder value = new StringBuilder(token.text());
        while (peek().kind() == Kind.STRING) {
          value.append(next().text());
        }
        yield new JinjaNode.Literal(MarkedText.trusted(value.toString()));
      }
      case INTEGER -> new JinjaNode.Literal(new JinjaValue.Int(integer(token)));
      case FLOAT -> new JinjaNode.Literal(new JinjaValue.Real(Double.parseDouble(token.text())));
      case OPERATOR -> bracketed(token);
      case DATA, PRINT_BEGIN, PRINT_END, BLOCK_BEGIN, BLOCK_END, END -> throw unexpected(token);
    };
  }

  private BadInputException unexpected(JinjaToken token) {
    return new BadInputException(
        "chat template: line " + token.line() + ": expected an expression, got " + token.shown());
  }

  private long integer(JinjaToken token) {
    try {
      return Long.parseLong(token.text());
    } catch (NumberFormatException e) {
      throw new BadInputException(
          "chat template: line " + token.line() + ": " + token.text() + " exceeds 64 bits", e);
    }
  }

  private Expression name(String name) {
    return switch (name) {
      case "true", "True" -> new JinjaNode.Literal(JinjaValue.TRUE);
      case "false", "False" -> new JinjaNode.Literal(JinjaValue.FALSE);
      case "none", "None" -> new JinjaNode.Literal(JinjaValue.NONE);
      default -> {
        sawMore |= name.equals("varargs") || name.equals("kwargs");
        yield new JinjaNode.Name(name);
      }
    };
  }

  private Expression bracketed(JinjaToken token) {
    enter();
    Expression value =
        switch (token.text()) {
          case "(" -> {
            if (takeOperator(")")) {
              yield new JinjaNode.TupleOf(List.of());
            }
            Expression inner = tuple(true);
            expectOperator(")");
            yield inner;
          }
          case "[" -> {
            List<Expression> items = new ArrayList<>();
            while (!takeOperator("]")) {
              if (!items.isEmpty()) {
                expectOperator(",");
                if (takeOperator("]")) {
                  break;
                }
              }
              items.add(expression());
            }
            yield new JinjaNode.ListOf(items);
          }
          case "{" -> dict();
          default -> throw unexpected(token);
        };
    leave();
    return value;
  }

  private Expression dict() {
    List<Expression> keys = new ArrayList<>();
    List<Expression> values = new ArrayList<>();
    while (!takeOperator("}")) {
      if (!keys.isEmpty()) {
        expectOperator(",");
        if (takeOperator("}")) {
          break;
        }
      }
      keys.add(expression());
      expectOperator(":");
      values.add(expression());
    }
    return new JinjaNode.DictOf(keys, values);
  }

  private Expression postfix(Expression start) {
    Expression value = start;
    while (true) {
      if (takeOperator(".")) {
        value =
            peek().kind() == Kind.INTEGER
                ? new JinjaNode.Item(
                    value, new JinjaNode.Literal(new JinjaValue.Int(integer(next()))))
                : new JinjaNode.Attribute(value, expectName());
      } else if (takeOperator("[")) {
        value = subscript(value);
      } else if (peek().isOperator("(")) {
        value = new JinjaNode.Call(value, arguments());
      } else {
        return value;
      }
    }
  }

  private Expression subscript(Expression of) {
    enter();
    Expression from = peek().isOperator(":") ? null : expression();
    if (from != null && !peek().isOperator(":")) {
      if (peek().isOperator(",")) {
        throw error("expected one index, got several");
      }
      expectOperator("]");
      leave();
      return new JinjaNode.Item(of, from);
    }
    expectOperator(":");
    Expression to = peek().isOperator(":") || peek().isOperator("]") ? null : expression();
    Expression step = takeOperator(":") && !peek().isOperator("]") ? expression() : null;
    expectOperator("]");
    leave();
    return new JinjaNode.Slice(of, from, to, step);
  }

  Arguments arguments() {
    enter();
    expectOperator("(");
    List<Expression> positional = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<Expression> named = new ArrayList<>();
    Expression allPositional = null;
    Expression allNamed = null;
    boolean isFirst = true;
    while (!takeOperator(")")) {
      if (!isFirst) {
        expectOperator(",");
        if (takeOperator(")")) {
          break;
        }
      }
      isFirst = false;
      if (takeOperator("*")) {
        allPositional = expression();
      } else if (takeOperator("**")) {
        allNamed = expression();
      } else if (peek().kind() == Kind.NAME && tokens.get(at + 1).isOperator("=")) {
        names.add(next().text());
        expectOperator("=");
        named.add(expression());
      } else if (names.isEmpty()) {
        positional.add(expression());
      } else {
        throw error("expected no argument by place behind one by name");
      }
    }
    leave();
    return new Arguments(positional, names, named, allPositional, allNamed);
  }

  private Expression filtersAndTests(Expression start) {
    Expression value = start;
    while (true) {
      if (takeOperator("|")) {
        value = filter(value);
      } else if (takeName("is")) {
        value = test(value);
      } else if (peek().isOperator("(")) {
        value = new JinjaNode.Call(value, arguments());
      } else {
        return value;
      }
    }
  }

  /** Filters in a row, as they stand behind {@code filter} or in a block set. */
  Expression filters(@Nullable Expression of) {
    Expression value = filter(of);
    while (takeOperator("|")) {
      value = filter(value);
    }
    return value;
  }

  private Expression filter(@Nullable Expression of) {
    String name = dottedName();
    return new JinjaNode.Filter(of, name, peek().isOperator("(") ? arguments() : Arguments.NONE);
  }

  private Expression test(Expression of) {
    boolean negated = takeName("not");
    String name = dottedName();
    Arguments arguments = Arguments.NONE;
    if (peek().isOperator("(")) {
      arguments = arguments();
    } else if (beginsArgument()) {
      if (peek().isName("is")) {
        throw error("expected one test at a time, got 'is' behind a test");
      }
      arguments = new Arguments(List.of(postfix(primary())), List.of(), List.of(), null, null);
    }
    Expression test = new JinjaNode.Test(of, name, arguments);
    return negated ? new JinjaNode.Not(test) : test;
  }

  private boolean beginsArgument() {
    JinjaToken token = peek();
    return switch (token.kind()) {
      case NAME -> !Set.of("else", "or", "and", "if").contains(token.text());
      case STRING, INTEGER, FLOAT -> true;
      case OPERATOR -> token.text().equals("[") || token.text().equals("{");
      case DATA, PRINT_BEGIN, PRINT_END, BLOCK_BEGIN, BLOCK_END, END -> false;
    };
  }

  private String dottedName() {
    StringBuilder name = new StringBuilder(expectName());
    while (takeOperator(".")) {
      name.append('.').append(expectName());
    }
    return name.toString();
  }
}
