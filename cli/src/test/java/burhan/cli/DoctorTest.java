package burhan.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.checkpoint.Json;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class DoctorTest {
  @Test
  void thePageFitsAScreenAndSaysWhatRuns() {
    Called called = Called.with("doctor", "--threads", "1");
    assertEquals(0, called.code(), called.err());
    assertTrue(called.out().lines().count() < 45, called.out());
    for (String word : new String[] {"java", "processor", "in use", "memory", "disk"}) {
      assertTrue(called.out().contains(word), called.out());
    }
  }

  @Test
  void theSameAsJson() {
    Called called = Called.with("doctor", "--json", "--threads", "1");
    assertEquals(0, called.code(), called.err());
    JsonNode node = Json.parse("out", called.out()).node();
    assertFalse(node.get("kernels").get("in_use").stringValue().isEmpty());
    assertTrue(node.get("kernels").get("scalar").booleanValue());
    assertTrue(node.get("memory").get("bytes").longValue() > 1 << 20);
    assertTrue(node.get("memory").get("cache_type").stringValue().matches("f32|bf16"));
    assertTrue(node.get("limits").get("read_bytes_per_second").doubleValue() > 1e8);
    assertFalse(node.get("java").get("start_up_cache").booleanValue()); // only the launcher has one
    assertTrue(node.get("advice").toString().contains("./burhan"), node.toString());
  }

  @Test
  void refusesInOneSentence() {
    Called called = Called.with("doctor", "--threads", "0");
    assertEquals(2, called.code());
    assertTrue(called.err().contains("--threads"), called.err());
  }
}
