package burhan.token;

import burhan.token.JinjaNode.Arguments;
import burhan.token.JinjaNode.Expression;
import burhan.token.JinjaValue.Dict;
import burhan.token.JinjaValue.Function;
import burhan.token.JinjaValue.Int;
import burhan.token.JinjaValue.Real;
import burhan.token.JinjaValue.Row;
import burhan.token.JinjaValue.Undefined;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gives expressions their values. Prints nothing and sets nothing. */
final class JinjaValues {
  private final JinjaBudget budget;
  private final JinjaMembers members;
  private final JinjaFilters filters;
  private final JinjaTests tests;

  JinjaValues(JinjaBudget budget) {
    this.budget = budget;
    this.members = new JinjaMembers(budget);
    this.tests = new JinjaTests(budget);
    this.filters = new JinjaFilters(budget, members, tests);
  }

  JinjaValue of(Expression expression, JinjaScope scope) {
    budget.enter();
    JinjaValue value =
        switch (expression) {
          case JinjaNode.Literal(JinjaValue literal) -> literal;
          case JinjaNode.Name(String name) -> {
            JinjaValue found = scope.find(name);
            yield found == null ? new Undefined(name) : found;
          }
          case JinjaNode.ListOf(List<Expression> items) -> Row.list(all(items, scope));
          case JinjaNode.TupleOf(List<Expression> items) ->
              new Row(all(items, scope), Row.Kind.TUPLE);
          case JinjaNode.DictOf dict -> dict(dict, scope);
          case JinjaNode.Attribute(Expression of, String name) ->
              members.attribute(of(of, scope), name);
          case JinjaNode.Item(Expression of, Expression index) ->
              members.item(of(of, scope), of(index, scope));
          case JinjaNode.Slice(Expression of, Expression from, Expression to, Expression step) ->
              members.slice(
                  of(of, scope), orNone(from, scope), orNone(to, scope), orNone(step, scope));
          case JinjaNode.Call call -> call(call, scope, null);
          case JinjaNode.Filter filter -> {
            Expression of = filter.of();
            if (of == null) {
              throw JinjaOperators.error("filter '" + filter.name() + "' has nothing to filter");
            }
            yield apply(filter, of(of, scope), scope);
          }
          case JinjaNode.Test(Expression of, String name, Arguments arguments) ->
              JinjaValue.of(
                  tests.holds(name, of(of, scope), arguments(name, arguments, scope, null)));
          case JinjaNode.Not(Expression of) -> JinjaValue.of(!JinjaOperators.isTrue(of(of, scope)));
          case JinjaNode.Sign(Expression of, boolean negative) -> signed(of(of, scope), negative);
          case JinjaNode.Arithmetic(String operator, Expression left, Expression right) ->
              JinjaOperators.arithmetic(operator, of(left, scope), of(right, scope), budget);
          case JinjaNode.Concat(List<Expression> parts) -> concat(parts, scope);
          case JinjaNode.Compare compare -> JinjaValue.of(compare(compare, scope));
          case JinjaNode.And(Expression left, Expression right) -> {
            JinjaValue first = of(left, scope);
            yield JinjaOperators.isTrue(first) ? of(right, scope) : first;
          }
          case JinjaNode.Or(Expression left, Expression right) -> {
            JinjaValue first = of(left, scope);
            yield JinjaOperators.isTrue(first) ? first : of(right, scope);
          }
          case JinjaNode.Conditional(
                  Expression condition,
                  Expression then,
                  Expression otherwise) -> {
            if (JinjaOperators.isTrue(of(condition, scope))) {
              yield of(then, scope);
            }
            yield otherwise == null ? new Undefined("else") : of(otherwise, scope);
          }
        };
    budget.leave();
    return value;
  }

  /** Applies a filter, or several in a row, to a text that a block made. */
  JinjaValue filtered(Expression filter, JinjaValue text, JinjaScope scope) {
    if (!(filter instanceof JinjaNode.Filter one)) {
      throw JinjaOperators.error("expected a filter");
    }
    Expression inner = one.of();
    return apply(one, inner == null ? text : filtered(inner, text, scope), scope);
  }

  private JinjaValue apply(JinjaNode.Filter filter, JinjaValue value, JinjaScope scope) {
    return filters.apply(
        filter.name(), value, arguments(filter.name(), filter.arguments(), scope, null));
  }

  /** Calls a function; {@code caller} is the body of a call block, if it is one. */
  JinjaValue call(JinjaNode.Call call, JinjaScope scope, @Nullable Function caller) {
    JinjaValue callee = of(call.function(), scope);
    Function function =
        switch (callee) {
          case Function f -> f;
          case JinjaValue.Loop loop -> loop.again;
          case MarkedText _,
              Undefined _,
              JinjaValue.None _,
              JinjaValue.Bool _,
              Int _,
              Real _,
              Row _,
              Dict _,
              JinjaValue.Space _,
              JinjaValue.Stream _ ->
              throw JinjaOperators.error("cannot call " + JinjaOperators.type(callee));
        };
    return function.body().call(arguments(function.name(), call.arguments(), scope, caller));
  }

  private JinjaArguments arguments(
      String function, Arguments given, JinjaScope scope, @Nullable Function caller) {
    List<JinjaValue> positional = all(given.positional(), scope);
    if (given.allPositional() != null) {
      positional.addAll(JinjaOperators.iterate(of(given.allPositional(), scope), budget));
    }
    Map<String, JinjaValue> named = new LinkedHashMap<>();
    for (int i = 0; i < given.names().size(); i++) {
      named.put(given.names().get(i), of(given.named().get(i), scope));
    }
    if (given.allNamed() != null) {
      if (!(of(given.allNamed(), scope) instanceof Dict more)) {
        throw JinjaOperators.error(function + "(): expected a mapping behind **");
      }
      for (Dict.Entry entry : more.entries()) {
        named.put(JinjaPrinter.string(entry.key(), budget).value(), entry.value());
      }
    }
    if (caller != null) {
      named.put("caller", caller);
    }
    return new JinjaArguments(function, positional, named);
  }

  private List<JinjaValue> all(List<Expression> expressions, JinjaScope scope) {
    List<JinjaValue> all = new ArrayList<>(expressions.size());
    for (Expression expression : expressions) {
      all.add(of(expression, scope));
    }
    return all;
  }

  private JinjaValue orNone(@Nullable Expression expression, JinjaScope scope) {
    return expression == null ? JinjaValue.NONE : of(expression, scope);
  }

  private Dict dict(JinjaNode.DictOf expression, JinjaScope scope) {
    Dict dict = new Dict();
    for (int i = 0; i < expression.keys().size(); i++) {
      dict.put(of(expression.keys().get(i), scope), of(expression.values().get(i), scope));
    }
    return dict;
  }

  private JinjaValue signed(JinjaValue value, boolean negative) {
    if (value instanceof Real(double x)) {
      return new Real(negative ? -x : x);
    }
    return JinjaOperators.arithmetic(negative ? "-" : "+", new Int(0), value, budget);
  }

  private MarkedText concat(List<Expression> parts, JinjaScope scope) {
    MarkedText.Builder out = new MarkedText.Builder();
    for (Expression part : parts) {
      MarkedText text = JinjaPrinter.string(of(part, scope), budget);
      budget.make(text.length());
      out.append(text);
    }
    return out.build();
  }

  private boolean compare(JinjaNode.Compare compare, JinjaScope scope) {
    JinjaValue left = of(compare.first(), scope);
    for (int i = 0; i < compare.operators().size(); i++) {
      JinjaValue right = of(compare.others().get(i), scope);
      if (!compare(compare.operators().get(i), left, right)) {
        return false;
      }
      left = right;
    }
    return true;
  }

  private boolean compare(String operator, JinjaValue left, JinjaValue right) {
    return switch (operator) {
      case "==" -> JinjaOperators.equal(left, right, budget);
      case "!=" -> !JinjaOperators.equal(left, right, budget);
      case "in" -> JinjaOperators.contains(right, left, budget);
      case "not in" -> !JinjaOperators.contains(right, left, budget);
      case "<" -> JinjaOperators.compare(left, right, budget) < 0;
      case "<=" -> JinjaOperators.compare(left, right, budget) <= 0;
      case ">" -> JinjaOperators.compare(left, right, budget) > 0;
      default -> JinjaOperators.compare(left, right, budget) >= 0;
    };
  }
}
