package burhan.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.tensor.BadInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StopStringsTest {
  @Test
  void stopsAcrossPieces() {
    StopStrings stops = new StopStrings(List.of("END"));
    assertEquals("a", stops.push("aE"));
    assertEquals("EEN", stops.push("ENE"));
    assertFalse(stops.isFound());
    assertEquals("", stops.push("N"));
    assertEquals("", stops.push("D and more"));
    assertTrue(stops.isFound());
    assertEquals("", stops.push("more"));
    assertEquals("", stops.flush());
  }

  @Test
  void givesBackWhatBecameNone() {
    StopStrings stops = new StopStrings(List.of("\n\n"));
    assertEquals("a", stops.push("a\n"));
    assertEquals("\n", stops.flush());
    assertFalse(stops.isFound());
  }

  @Test
  void theFirstToBeCompleteStops() {
    StopStrings stops = new StopStrings(List.of("abc", "b"));
    assertEquals("a", stops.push("abc"));
    assertTrue(stops.isFound());
    StopStrings together = new StopStrings(List.of("b", "ab"));
    assertEquals("x", together.push("xab"));
  }

  @Test
  void refusesAnEmptyOne() {
    assertThrows(BadInputException.class, () -> new StopStrings(List.of("a", "")));
  }

  @Test
  void cutsMakeNoDifferenceAndNoStopStringComesThrough() {
    Random random = new Random(1);
    int found = 0;
    for (int round = 0; round < 3000; round++) {
      List<String> stops = new ArrayList<>();
      for (int i = random.nextInt(3); i >= 0; i--) {
        stops.add(letters(random, 1 + random.nextInt(4)));
      }
      String text = letters(random, random.nextInt(20));
      String whole = run(stops, text, 100, random);
      for (int longest = 1; longest < 6; longest++) {
        assertEquals(whole, run(stops, text, longest, random), stops + " in " + text);
      }
      stops.forEach(stop -> assertFalse(whole.contains(stop), stop + " in " + whole));
      assertTrue(text.startsWith(whole));
      if (whole.length() < text.length()) {
        found++;
        assertTrue(stops.stream().anyMatch(stop -> text.startsWith(stop, whole.length())));
      }
    }
    assertTrue(found > 500 && found < 2900, "both outcomes are tried: " + found);
  }

  private static String letters(Random random, int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append((char) ('a' + random.nextInt(3)));
    }
    return text.toString();
  }

  private static String run(List<String> wanted, String text, int longest, Random random) {
    StopStrings stops = new StopStrings(wanted);
    StringBuilder out = new StringBuilder();
    for (int at = 0; at < text.length(); ) {
      int end = Math.min(text.length(), at + 1 + random.nextInt(longest));
      out.append(stops.push(text.substring(at, end)));
      at = end;
    }
    return out.append(stops.flush()).toString();
  }
}
