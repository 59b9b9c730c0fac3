package burhan.token;

import burhan.token.JinjaNode.Expression;
import burhan.token.JinjaNode.Statement;
import burhan.token.JinjaNode.Target;
import burhan.token.JinjaValue.Function;
import burhan.token.JinjaValue.Loop;
import burhan.token.JinjaValue.Row;
import burhan.token.JinjaValue.Space;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Carries out the statements of one rendering; values of expressions are {@link JinjaValues}. */
final class JinjaEvaluator {
  private enum Flow {
    ON,
    BREAK,
    CONTINUE
  }

  private final JinjaBudget budget;
  private final JinjaValues values;
  private MarkedText.Builder out = new MarkedText.Builder();
  private int line;

  JinjaEvaluator(JinjaBudget budget) {
    this.budget = budget;
    this.values = new JinjaValues(budget);
  }

  MarkedText render(List<Statement> template, JinjaScope scope) {
    run(template, scope);
    return out.build();
  }

  /** The line of the statement that was begun last; for errors. */
  int line() {
    return line;
  }

  private Flow run(List<Statement> statements, JinjaScope scope) {
    budget.enter();
    Flow flow = Flow.ON;
    for (int i = 0; i < statements.size() && flow == Flow.ON; i++) {
      budget.step();
      flow = run(statements.get(i), scope);
    }
    budget.leave();
    return flow;
  }

  private Flow run(Statement statement, JinjaScope scope) {
    line = statement.line();
    switch (statement) {
      case JinjaNode.Data(MarkedText text, _) -> print(text);
      case JinjaNode.Print(Expression value, _) ->
          print(JinjaPrinter.string(values.of(value, scope), budget));
      case JinjaNode.If ifElse -> {
        return run(chosen(ifElse, scope), scope);
      }
      case JinjaNode.For loop -> loop(loop, values.of(loop.in(), scope), scope, 0);
      case JinjaNode.Set(Target target, Expression value, _) ->
          assign(target, values.of(value, scope), scope);
      case JinjaNode.SetBlock(Target target, Expression filter, List<Statement> body, _) -> {
        JinjaValue text = captured(body, new JinjaScope(scope));
        assign(target, filter == null ? text : values.filtered(filter, text, scope), scope);
      }
      case JinjaNode.Macro macro -> scope.set(macro.name(), macro(macro, scope));
      case JinjaNode.CallBlock(JinjaNode.Macro caller, JinjaNode.Call call, _) ->
          print(JinjaPrinter.string(values.call(call, scope, macro(caller, scope)), budget));
      case JinjaNode.FilterBlock(Expression filter, List<Statement> body, _) -> {
        JinjaValue text = captured(body, new JinjaScope(scope));
        print(JinjaPrinter.string(values.filtered(filter, text, scope), budget));
      }
      case JinjaNode.Scoped(
              List<Target> targets,
              List<Expression> given,
              List<Statement> body,
              _) -> {
        JinjaScope inner = new JinjaScope(scope);
        for (int i = 0; i < targets.size(); i++) {
          assign(targets.get(i), values.of(given.get(i), scope), inner);
        }
        return run(body, inner);
      }
      case JinjaNode.Break _ -> {
        return Flow.BREAK;
      }
      case JinjaNode.Continue _ -> {
        return Flow.CONTINUE;
      }
    }
    return Flow.ON;
  }

  private List<Statement> chosen(JinjaNode.If ifElse, JinjaScope scope) {
    for (int i = 0; i < ifElse.conditions().size(); i++) {
      if (JinjaOperators.isTrue(values.of(ifElse.conditions().get(i), scope))) {
        return ifElse.bodies().get(i);
      }
    }
    boolean hasElse = ifElse.bodies().size() > ifElse.conditions().size();
    return hasElse ? ifElse.bodies().getLast() : List.of();
  }

  private void print(MarkedText text) {
    budget.make(text.length());
    out.append(text);
  }

  private MarkedText captured(List<Statement> body, JinjaScope scope) {
    MarkedText.Builder before = out;
    out = new MarkedText.Builder();
    run(body, scope);
    MarkedText text = out.build();
    out = before;
    return text;
  }

  private void loop(JinjaNode.For loop, JinjaValue in, JinjaScope scope, int depth) {
    List<JinjaValue> items = JinjaOperators.iterate(in, budget);
    Expression filter = loop.filter();
    if (filter != null) {
      items = items.stream().filter(item -> passes(loop.target(), item, filter, scope)).toList();
    }
    if (items.isEmpty()) {
      run(loop.otherwise(), new JinjaScope(scope));
      return;
    }
    Function again =
        new Function(
            "loop",
            arguments -> {
              if (!loop.recursive()) {
                throw JinjaOperators.error("only a loop marked recursive can be called");
              }
              return nested(loop, arguments.value(0, "iterable"), scope, depth + 1);
            });
    Loop state = new Loop(items, depth, again);
    for (int i = 0; i < items.size(); i++) {
      budget.step();
      state.index = i;
      JinjaScope inner = new JinjaScope(scope);
      inner.set("loop", state);
      assign(loop.target(), items.get(i), inner);
      if (run(loop.body(), inner) == Flow.BREAK) {
        break;
      }
    }
  }

  private MarkedText nested(JinjaNode.For loop, JinjaValue in, JinjaScope scope, int depth) {
    budget.enter();
    MarkedText.Builder before = out;
    out = new MarkedText.Builder();
    loop(loop, in, scope, depth);
    MarkedText text = out.build();
    out = before;
    budget.leave();
    return text;
  }

  private boolean passes(Target target, JinjaValue item, Expression filter, JinjaScope scope) {
    JinjaScope inner = new JinjaScope(scope);
    assign(target, item, inner);
    return JinjaOperators.isTrue(values.of(filter, inner));
  }

  private void assign(Target target, JinjaValue value, JinjaScope scope) {
    switch (target) {
      case JinjaNode.NameTarget(String name) -> scope.set(name, value);
      case JinjaNode.MemberTarget(String name, String member) -> {
        if (!(scope.find(name) instanceof Space space)) {
          throw JinjaOperators.error("cannot set '" + name + "." + member + "': no namespace");
        }
        space.members.put(member, value);
      }
      case JinjaNode.TupleTarget(List<Target> targets) -> {
        List<JinjaValue> items = JinjaOperators.iterate(value, budget);
        if (items.size() != targets.size()) {
          throw JinjaOperators.error(
              "cannot unpack " + items.size() + " values into " + targets.size() + " names");
        }
        for (int i = 0; i < items.size(); i++) {
          assign(targets.get(i), items.get(i), scope);
        }
      }
    }
  }

  private Function macro(JinjaNode.Macro macro, JinjaScope scope) {
    return new Function(
        macro.name(),
        arguments -> {
          budget.enter();
          JinjaScope inner = new JinjaScope(scope);
          bind(macro, arguments, inner);
          MarkedText text = captured(macro.body(), inner);
          budget.leave();
          return text;
        });
  }

  private void bind(JinjaNode.Macro macro, JinjaArguments arguments, JinjaScope inner) {
    List<String> parameters = macro.parameters();
    int required = parameters.size() - macro.defaults().size();
    Map<String, JinjaValue> named = new LinkedHashMap<>(arguments.named());
    for (int i = 0; i < parameters.size(); i++) {
      String parameter = parameters.get(i);
      JinjaValue value = arguments.find(i, parameter);
      named.remove(parameter);
      if (value == null) {
        value =
            i < required
                ? new JinjaValue.Undefined(parameter)
                : values.of(macro.defaults().get(i - required), inner);
      }
      inner.set(parameter, value);
    }
    @Nullable JinjaValue caller = named.remove("caller");
    if (caller != null) {
      inner.set("caller", caller);
    }
    int given = arguments.positional().size();
    List<JinjaValue> more =
        given <= parameters.size()
            ? List.of()
            : arguments.positional().subList(parameters.size(), given);
    if (!macro.takesMore() && !(more.isEmpty() && named.isEmpty())) {
      throw JinjaOperators.error(
          "macro '" + macro.name() + "' got more arguments than its " + parameters.size());
    }
    inner.set("varargs", new Row(new ArrayList<>(more), Row.Kind.TUPLE));
    JinjaValue.Dict keyed = new JinjaValue.Dict();
    named.forEach((name, value) -> keyed.put(MarkedText.trusted(name), value));
    inner.set("kwargs", keyed);
  }
}
