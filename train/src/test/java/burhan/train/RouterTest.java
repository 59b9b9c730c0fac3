package burhan.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import burhan.model.DeepSeekConfig;
import org.junit.jupiter.api.Test;

class RouterTest {
  private static Router router(String method, int experts, int chosen, int groups, int kept) {
    return new Router(
        new DeepSeekConfig(
            "deepseek_v3",
            8,
            8,
            8,
            8,
            2,
            0,
            1,
            0,
            experts,
            chosen,
            groups,
            kept,
            method,
            "sigmoid",
            true,
            1,
            1,
            0,
            8,
            8,
            8,
            8,
            8,
            10_000,
            null,
            1e-6,
            false,
            0,
            1));
  }

  private static final float[] NONE = new float[8];

  @Test
  void tiesGoToTheLowestIndex() {
    float[] scores = {.1f, .5f, .5f, .2f, .5f, 0, 0, 0};
    assertArrayEquals(new int[] {1, 2, 4}, router("noaux_tc", 8, 3, 1, 1).choose(scores, NONE));
  }

  @Test
  void theBiasChoosesOnlyWithNoauxTc() {
    float[] scores = {.9f, .5f, .4f, .3f, .2f, .1f, 0, 0};
    float[] bias = {-1, 0, 0, 0, 0, 0, 0, 1};
    assertArrayEquals(new int[] {7, 1}, router("noaux_tc", 8, 2, 1, 1).choose(scores, bias));
    assertArrayEquals(new int[] {0, 1}, router("greedy", 8, 2, 1, 1).choose(scores, bias));
  }

  @Test
  void aGroupScoresByItsTwoBestOrByItsBest() {
    float[] scores = {.9f, 0, .5f, .5f, .1f, .1f, .2f, .2f};
    // Two best: .9 and 1.0; best alone: .9 and .5.
    assertArrayEquals(new int[] {2, 3}, router("noaux_tc", 8, 2, 4, 1).choose(scores, NONE));
    assertArrayEquals(
        new int[] {0, 1}, router("group_limited_greedy", 8, 2, 4, 1).choose(scores, NONE));
  }

  @Test
  void droppedGroupsAreNeverChosenBelowZero() {
    float[] scores = {.3f, .3f, .1f, .1f, .1f, .1f, .1f, .1f};
    float[] bias = {-.9f, -.9f, -1.5f, -1.5f, -1.5f, -1.5f, -1.5f, -1.5f};
    assertArrayEquals(new int[] {0, 1}, router("noaux_tc", 8, 2, 4, 1).choose(scores, bias));
  }
}
