package burhan.hub;

import burhan.checkpoint.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Models to begin with, as of a date. Travels with the program, so that it can be read without a
 * network; knows no machine.
 *
 * @param date of the list, year and month
 * @param models from small to large
 */
public record Catalogue(String date, List<Entry> models) {
  private static final String RESOURCE = "catalogue.json";

  /**
   * One model in one quantisation.
   *
   * @param name for people
   * @param pull what to pull
   * @param parameters in all
   * @param activeParameters that every token reads; without the rows of the embedding it does not
   *     look up
   * @param bitsPerParameter of the quantisation, on average over its tensors
   * @param contextLength tokens that it was made for
   * @param license short
   */
  public record Entry(
      String name,
      HubName pull,
      long parameters,
      long activeParameters,
      double bitsPerParameter,
      int contextLength,
      String license) {
    /**
     * Size of its file, computed from parameters and bits; the true one differs by some percent.
     */
    public long bytes() {
      return (long) (parameters * bitsPerParameter / 8);
    }

    /** Bytes of weights that every token reads. */
    public long activeBytes() {
      return (long) (activeParameters * bitsPerParameter / 8);
    }

    /** Whether the weights leave room for a context in so much memory. */
    public boolean fits(long memoryBytes) {
      return bytes() <= Choice.mostWeightBytes(memoryBytes);
    }
  }

  /** The one that this version came with. */
  public static Catalogue load() {
    try (InputStream in = Catalogue.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is missing from the build");
      }
      return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Catalogue parse(String text) {
    Json json = Json.parse(RESOURCE, text);
    List<Entry> entries = new ArrayList<>();
    for (JsonNode node : json.node().get("models")) {
      Json model = Json.of(RESOURCE, node);
      entries.add(
          new Entry(
              model.text("name"),
              HubName.parse(model.text("pull")),
              (long) model.number("parameters"),
              (long) model.number("active"),
              model.number("bits"),
              model.integer("context", 1, Integer.MAX_VALUE),
              model.text("licence")));
    }
    return new Catalogue(json.text("date"), List.copyOf(entries));
  }
}
