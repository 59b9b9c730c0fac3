package burhan.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The list that travels with the program. */
class CatalogueTest {
  private static final List<Catalogue.Entry> MODELS = Catalogue.load().models();

  private static Catalogue.Entry model(String name) {
    return MODELS.stream().filter(m -> m.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void everyEntryIsPlausible() {
    assertTrue(Catalogue.load().date().matches("20\\d\\d-\\d\\d"));
    Set<String> pulls = new HashSet<>();
    for (Catalogue.Entry model : MODELS) {
      assertTrue(pulls.add(model.pull().toString()), model.toString());
      assertNotNull(model.pull().choice(), model.toString());
      assertTrue(model.activeParameters() <= model.parameters(), model.toString());
      assertTrue(model.bitsPerParameter() > 4 && model.bitsPerParameter() < 9, model.toString());
      assertFalse(model.license().isEmpty());
    }
    Comparator<Catalogue.Entry> bySize = Comparator.comparingLong(Catalogue.Entry::parameters);
    assertEquals("Qwen3 0.6B", MODELS.stream().min(bySize).orElseThrow().name());
  }

  /** Against files that exist: their sizes in bytes, within three percent. */
  @Test
  void computedSizesAreCloseToRealFiles() {
    assertEquals(1.0, model("R1 Distill Qwen 1.5B").bytes() / 1.117e9, 0.03);
    assertEquals(1.0, model("R1 Distill Llama 8B").bytes() / 4.921e9, 0.03);
    assertEquals(1.0, model("DeepSeek V2 Lite Chat").bytes() / 10.396e9, 0.03);
    assertEquals(1.0, model("Qwen3 1.7B").bytes() / 1.834e9, 0.03);
    assertEquals(1.0, model("Qwen3 4B").bytes() / 2.497e9, 0.03);
  }

  @Test
  void whatFitsLeavesRoomForAContext() {
    Catalogue.Entry eight = model("R1 Distill Llama 8B");
    assertTrue(eight.fits(8L << 30));
    assertFalse(eight.fits(eight.bytes()));
    assertFalse(model("DeepSeek R1 671B").fits(64L << 30));
  }
}
