package burhan.token;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names and their values, one scope inside the other: what is set inside stays inside. */
final class JinjaScope {
  private final @Nullable JinjaScope outer;
  private final Map<String, JinjaValue> values = new HashMap<>();

  JinjaScope(@Nullable JinjaScope outer) {
    this.outer = outer;
  }

  void set(String name, JinjaValue value) {
    values.put(name, value);
  }

  @Nullable JinjaValue find(String name) {
    for (JinjaScope scope = this; scope != null; scope = scope.outer) {
      JinjaValue value = scope.values.get(name);
      if (value != null) {
        return value;
      }
    }
    return null;
  }
}
