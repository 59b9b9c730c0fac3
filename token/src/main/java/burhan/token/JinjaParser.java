package burhan.token;

import burhan.token.JinjaNode.Expression;
import burhan.token.JinjaNode.Statement;
import burhan.token.JinjaNode.Target;
import burhan.token.JinjaToken.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Parses the statements of a template; expressions are {@link JinjaExpressions}. */
final class JinjaParser {
  private static final int LONGEST = 1_000_000;
  private static final Set<String> OTHER_FILES = Set.of("include", "import", "from", "extends");

  private final JinjaExpressions in;
  private int loops;

  private JinjaParser(JinjaExpressions in) {
    this.in = in;
  }

  static List<Statement> parse(String source) {
    if (source.length() > LONGEST) {
      throw JinjaOperators.error(source.length() + " characters, expected at most " + LONGEST);
    }
    return new JinjaParser(new JinjaExpressions(JinjaLexer.tokens(source))).body(Set.of());
  }

  // Statements up to a block that begins with one of the names; its name is left to be read.
  private List<Statement> body(Set<String> ends) {
    in.enter();
    List<Statement> statements = new ArrayList<>();
    while (true) {
      JinjaToken token = in.next();
      switch (token.kind()) {
        case DATA ->
            statements.add(new JinjaNode.Data(MarkedText.trusted(token.text()), token.line()));
        case PRINT_BEGIN -> {
          statements.add(new JinjaNode.Print(in.tuple(true), token.line()));
          expect(Kind.PRINT_END);
        }
        case BLOCK_BEGIN -> {
          if (in.peek().kind() == Kind.NAME && ends.contains(in.peek().text())) {
            in.leave();
            return statements;
          }
          statements.add(statement(token.line()));
        }
        case END -> {
          if (!ends.isEmpty()) {
            throw in.error("expected " + String.join(" or ", ends) + ", got the end");
          }
          in.leave();
          return statements;
        }
        case PRINT_END, BLOCK_END, NAME, STRING, INTEGER, FLOAT, OPERATOR ->
            throw in.error("unexpected " + token.shown());
      }
    }
  }

  private Statement statement(int line) {
    String name = in.expectName();
    if (OTHER_FILES.contains(name)) {
      throw in.error("'" + name + "' reads another file, which a chat template may not");
    }
    return switch (name) {
      case "if" -> ifElse(line);
      case "for" -> loop(line);
      case "set" -> set(line);
      case "macro" -> macro(line);
      case "call" -> call(line);
      case "filter" -> {
        Expression filter = in.filters(null);
        yield new JinjaNode.FilterBlock(filter, closed("endfilter"), line);
      }
      case "with" -> with(line);
      case "generation" ->
          new JinjaNode.Scoped(List.of(), List.of(), closed("endgeneration"), line);
      case "break", "continue" -> {
        if (loops == 0) {
          throw in.error("'" + name + "' stands outside of a loop");
        }
        expect(Kind.BLOCK_END);
        yield name.equals("break") ? new JinjaNode.Break(line) : new JinjaNode.Continue(line);
      }
      default -> throw in.error("unknown statement '" + name + "'");
    };
  }

  // The rest of a block's opening tag, its body, and its closing tag.
  private List<Statement> closed(String end) {
    expect(Kind.BLOCK_END);
    List<Statement> body = body(Set.of(end));
    in.next();
    expect(Kind.BLOCK_END);
    return body;
  }

  private Statement ifElse(int line) {
    List<Expression> conditions = new ArrayList<>();
    List<List<Statement>> bodies = new ArrayList<>();
    while (true) {
      conditions.add(in.tuple(false));
      expect(Kind.BLOCK_END);
      bodies.add(body(Set.of("elif", "else", "endif")));
      String next = in.next().text();
      if (next.equals("else")) {
        bodies.add(closed("endif"));
        break;
      }
      if (next.equals("endif")) {
        expect(Kind.BLOCK_END);
        break;
      }
    }
    return new JinjaNode.If(conditions, bodies, line);
  }

  private Statement loop(int line) {
    Target target = target(false);
    if (!in.takeName("in")) {
      throw in.error("expected 'in', got " + in.peek().shown());
    }
    Expression items = in.tuple(false);
    Expression filter = in.takeName("if") ? in.expression() : null;
    boolean recursive = in.takeName("recursive");
    expect(Kind.BLOCK_END);
    loops++;
    List<Statement> body = body(Set.of("endfor", "else"));
    loops--;
    List<Statement> otherwise = List.of();
    if (in.next().text().equals("else")) {
      otherwise = closed("endfor");
    } else {
      expect(Kind.BLOCK_END);
    }
    return new JinjaNode.For(target, items, filter, recursive, body, otherwise, line);
  }

  private Statement set(int line) {
    Target target = target(true);
    if (in.takeOperator("=")) {
      Expression value = in.tuple(true);
      expect(Kind.BLOCK_END);
      return new JinjaNode.Set(target, value, line);
    }
    Expression filter = in.takeOperator("|") ? in.filters(null) : null;
    return new JinjaNode.SetBlock(target, filter, closed("endset"), line);
  }

  private Target target(boolean withMembers) {
    List<Target> targets = new ArrayList<>();
    boolean isTuple = false;
    do {
      if (!targets.isEmpty() && in.peek().kind() != Kind.NAME && !in.peek().isOperator("(")) {
        break; // a comma at the end
      }
      targets.add(oneTarget(withMembers));
      isTuple |= in.peek().isOperator(",");
    } while (in.takeOperator(","));
    return isTuple ? new JinjaNode.TupleTarget(targets) : targets.getFirst();
  }

  private Target oneTarget(boolean withMembers) {
    if (in.takeOperator("(")) {
      in.enter();
      Target inner = target(withMembers);
      in.leave();
      in.expectOperator(")");
      return inner;
    }
    String name = in.expectName();
    if (Set.of("true", "false", "none", "True", "False", "None").contains(name)) {
      throw in.error("cannot set '" + name + "'");
    }
    return withMembers && in.takeOperator(".")
        ? new JinjaNode.MemberTarget(name, in.expectName())
        : new JinjaNode.NameTarget(name);
  }

  private JinjaNode.Macro macro(int line) {
    String name = in.expectName();
    List<String> parameters = new ArrayList<>();
    List<Expression> defaults = new ArrayList<>();
    if (in.takeOperator("(")) {
      while (!in.takeOperator(")")) {
        if (!parameters.isEmpty()) {
          in.expectOperator(",");
        }
        parameters.add(in.expectName());
        if (in.takeOperator("=")) {
          defaults.add(in.expression());
        } else if (!defaults.isEmpty()) {
          throw in.error("expected a default behind a parameter with one");
        }
      }
    }
    int outer = loops;
    loops = 0;
    boolean enclosing = in.sawMore(false);
    List<Statement> body = closed("endmacro");
    boolean takesMore = in.sawMore(enclosing);
    loops = outer;
    return new JinjaNode.Macro(name, parameters, defaults, takesMore, body, line);
  }

  private Statement call(int line) {
    // Parameters of the caller, then the call itself; the body follows.
    List<String> parameters = new ArrayList<>();
    if (in.takeOperator("(")) {
      while (!in.takeOperator(")")) {
        if (!parameters.isEmpty()) {
          in.expectOperator(",");
        }
        parameters.add(in.expectName());
      }
    }
    if (!(in.expression() instanceof JinjaNode.Call call)) {
      throw in.error("expected a call");
    }
    int outer = loops;
    loops = 0;
    List<Statement> body = closed("endcall");
    loops = outer;
    JinjaNode.Macro caller =
        new JinjaNode.Macro("caller", parameters, List.of(), false, body, line);
    return new JinjaNode.CallBlock(caller, call, line);
  }

  private Statement with(int line) {
    List<Target> targets = new ArrayList<>();
    List<Expression> values = new ArrayList<>();
    while (in.peek().kind() != Kind.BLOCK_END) {
      if (!targets.isEmpty()) {
        in.expectOperator(",");
      }
      targets.add(oneTarget(false));
      in.expectOperator("=");
      values.add(in.expression());
    }
    return new JinjaNode.Scoped(targets, values, closed("endwith"), line);
  }

  private void expect(Kind kind) {
    if (in.peek().kind() != kind) {
      throw in.error(
          "expected " + (kind == Kind.PRINT_END ? "}}" : "%}") + ", got " + in.peek().shown());
    }
    in.next();
  }
}
