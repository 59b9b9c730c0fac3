package burhan.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who waits, in which order: everybody's own requests as they came, and one of each tenant in turn,
 * so that who asks a lot waits for himself. Nobody overtakes the one whose turn it is, however
 * small he is: otherwise a large request would wait for ever. Not for several threads.
 */
final class WaitingLine {
  // The first tenant's turn is next; he goes to the end behind it.
  private final Map<String, Deque<Generation>> byTenant = new LinkedHashMap<>();
  private int size;

  int size() {
    return size;
  }

  void add(Generation generation) {
    byTenant
        .computeIfAbsent(generation.request().tenant(), tenant -> new ArrayDeque<>())
        .add(generation);
    size++;
  }

  /** Whose turn it is, or null. */
  @Nullable Generation peek() {
    return size == 0 ? null : byTenant.values().iterator().next().peek();
  }

  /** Takes out one; if it was its tenant's turn, that is over. False if it is not here. */
  boolean remove(Generation generation) {
    boolean isTurn = generation.equals(peek());
    boolean isHere = !removeIf(generation::equals).isEmpty();
    if (isHere && isTurn) {
      String tenant = generation.request().tenant();
      Deque<Generation> own = byTenant.remove(tenant);
      if (own != null) {
        byTenant.put(tenant, own);
      }
    }
    return isHere;
  }

  /** Takes out all of a kind and returns them. */
  List<Generation> removeIf(Predicate<Generation> kind) {
    List<Generation> out = new ArrayList<>();
    for (Deque<Generation> own : byTenant.values()) {
      own.removeIf(generation -> {
        boolean goes = kind.test(generation);
        if (goes) {
          out.add(generation);
        }
        return goes;
      });
    }
    byTenant.values().removeIf(Deque::isEmpty);
    size -= out.size();
    return out;
  }
}
