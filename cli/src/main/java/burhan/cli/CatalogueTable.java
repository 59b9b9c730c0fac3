package burhan.cli;

import burhan.checkpoint.Json;
import burhan.hub.Catalogue;
import burhan.hub.Catalogue.Entry;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The catalogue against a machine: what fits its memory, and how fast its memory could be read for
 * each token. Knows no network.
 *
 * @param memoryBytes of the machine
 * @param bytesPerSecond that it reads from memory
 */
record CatalogueTable(Catalogue catalogue, long memoryBytes, double bytesPerSecond) {

  /** A token reads every active weight once; no program can be faster than the memory. */
  private double tokensPerSecond(Entry entry) {
    return bytesPerSecond / entry.activeBytes();
  }

  /** For people. */
  void print(Console console, boolean all) {
    List<Entry> fitting = catalogue.models().stream().filter(e -> e.fits(memoryBytes)).toList();
    console.println(
        "As of %s. This machine: %s of memory, read with %s per second (measured)."
            .formatted(
                catalogue.date(),
                ShowCommand.bytes(memoryBytes),
                ShowCommand.bytes((long) bytesPerSecond)));
    console.println(
        "Sizes are computed from parameters and bits; tokens/s are the most that this memory allows.");
    console.println("");
    console.println(
        "%-22s %8s  %8s  %8s  %-18s  %s"
            .formatted("model", "size", "context", "tokens/s", "licence", "burhan pull ..."));
    for (Entry entry : all ? catalogue.models() : fitting) {
      String line = line(entry);
      boolean fits = fitting.contains(entry);
      console.println(fits ? line : console.dim(line + "  (too large for this machine)"));
    }
    int more = catalogue.models().size() - fitting.size();
    if (!all && more > 0) {
      console.println("");
      console.println("%d more need more memory; --all shows them".formatted(more));
    }
  }

  private String line(Entry entry) {
    return String.format(
        Locale.ROOT,
        "%-22s %8s  %8d  %8.1f  %-18s  %s",
        entry.name(),
        ShowCommand.bytes(entry.bytes()),
        entry.contextLength(),
        tokensPerSecond(entry),
        entry.license(),
        entry.pull());
  }

  /** For programs: all models, each with whether it fits, unless only those that do are wanted. */
  ObjectNode json(boolean all) {
    ObjectNode node = Json.mapper().createObjectNode();
    node.put("date", catalogue.date());
    node.put("memory_bytes", memoryBytes);
    node.put("memory_bytes_per_second", (long) bytesPerSecond);
    ArrayNode models = node.putArray("models");
    for (Entry entry : catalogue.models()) {
      boolean fits = entry.fits(memoryBytes);
      if (fits || all) {
        models
            .addObject()
            .put("name", entry.name())
            .put("pull", entry.pull().toString())
            .put("parameters", entry.parameters())
            .put("active_parameters", entry.activeParameters())
            .put("computed_size_bytes", entry.bytes())
            .put("context_length", entry.contextLength())
            .put("most_tokens_per_second", tokensPerSecond(entry))
            .put("licence", entry.license())
            .put("fits", fits);
      }
    }
    return node;
  }
}
