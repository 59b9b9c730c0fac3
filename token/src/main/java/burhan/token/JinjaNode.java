package burhan.token;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The parsed form of a template. Only shape: what it means is the evaluator's business. */
sealed interface JinjaNode {

  /** Something with a value. */
  sealed interface Expression extends JinjaNode {}

  record Literal(JinjaValue value) implements Expression {}

  record Name(String name) implements Expression {}

  record ListOf(List<Expression> items) implements Expression {}

  record TupleOf(List<Expression> items) implements Expression {}

  record DictOf(List<Expression> keys, List<Expression> values) implements Expression {}

  record Attribute(Expression of, String name) implements Expression {}

  record Item(Expression of, Expression index) implements Expression {}

  record Slice(
      Expression of, @Nullable Expression from, @Nullable Expression to, @Nullable Expression step)
      implements Expression {}

  record Call(Expression function, Arguments arguments) implements Expression {}

  /**
   * A filter applied to an expression.
   *
   * @param of null for the text of a block
   */
  record Filter(@Nullable Expression of, String name, Arguments arguments) implements Expression {}

  record Test(Expression of, String name, Arguments arguments) implements Expression {}

  record Not(Expression of) implements Expression {}

  record Sign(Expression of, boolean negative) implements Expression {}

  record Arithmetic(String operator, Expression left, Expression right) implements Expression {}

  record Concat(List<Expression> parts) implements Expression {}

  record Compare(Expression first, List<String> operators, List<Expression> others)
      implements Expression {}

  record And(Expression left, Expression right) implements Expression {}

  record Or(Expression left, Expression right) implements Expression {}

  record Conditional(Expression condition, Expression then, @Nullable Expression otherwise)
      implements Expression {}

  /** What is given to a call, a filter or a test. */
  record Arguments(
      List<Expression> positional,
      List<String> names,
      List<Expression> named,
      @Nullable Expression allPositional,
      @Nullable Expression allNamed) {
    static final Arguments NONE = new Arguments(List.of(), List.of(), List.of(), null, null);
  }

  /** What an assignment or a loop sets. */
  sealed interface Target extends JinjaNode {}

  record NameTarget(String name) implements Target {}

  record MemberTarget(String space, String member) implements Target {}

  record TupleTarget(List<Target> targets) implements Target {}

  /** Something that is carried out. */
  sealed interface Statement extends JinjaNode {
    int line();
  }

  record Data(MarkedText text, int line) implements Statement {}

  record Print(Expression value, int line) implements Statement {}

  record If(List<Expression> conditions, List<List<Statement>> bodies, int line)
      implements Statement {}

  record For(
      Target target,
      Expression in,
      @Nullable Expression filter,
      boolean recursive,
      List<Statement> body,
      List<Statement> otherwise,
      int line)
      implements Statement {}

  record Set(Target target, Expression value, int line) implements Statement {}

  record SetBlock(Target target, @Nullable Expression filter, List<Statement> body, int line)
      implements Statement {}

  record Macro(
      String name,
      List<String> parameters,
      List<Expression> defaults, // of the last parameters
      boolean takesMore,
      List<Statement> body,
      int line)
      implements Statement {}

  record CallBlock(Macro caller, Call call, int line) implements Statement {}

  record FilterBlock(Expression filter, List<Statement> body, int line) implements Statement {}

  /** A body with its own scope, and what it sets there first. */
  record Scoped(List<Target> targets, List<Expression> values, List<Statement> body, int line)
      implements Statement {}

  record Break(int line) implements Statement {}

  record Continue(int line) implements Statement {}
}
