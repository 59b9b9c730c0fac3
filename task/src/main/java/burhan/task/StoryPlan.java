package burhan.task;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The course of a story: which effects follow each other in a setting, and which sentences carry
 * them. Knows neither numbers nor words.
 */
record StoryPlan(Theme theme, List<Theme.Frame> frames) {
  private static final List<Effect> OTHERS =
      List.of(
          Effect.OTHER,
          Effect.OTHER,
          Effect.OTHER_MORE,
          Effect.OTHER_MORE,
          Effect.OTHER_FEWER,
          Effect.OTHER_FEWER,
          Effect.OTHER_TIMES,
          Effect.OTHER_DOUBLE,
          Effect.OTHER_HALF);
  private static final List<Effect> EVENTS =
      List.of(
          Effect.GAIN,
          Effect.GAIN,
          Effect.GAIN,
          Effect.LOSE,
          Effect.LOSE,
          Effect.LOSE,
          Effect.GAIN_PRODUCT,
          Effect.LOSE_PRODUCT,
          Effect.TIMES,
          Effect.DOUBLE,
          Effect.HALF,
          Effect.FROM,
          Effect.SPLIT);
  private static final int LONGEST_FRAME = 4;

  List<Effect> effects() {
    return frames.stream().flatMap(f -> f.effects().stream()).toList();
  }

  /**
   * A story of this many steps, in a setting that has one; the sentences are new to training if
   * asked.
   */
  static StoryPlan draw(RandomGenerator rng, List<Theme> themes, int steps, boolean heldOut) {
    while (true) {
      Theme theme = Wording.pick(rng, themes);
      List<Effect> effects = effects(rng, theme);
      if (effects.stream().mapToInt(Effect::steps).sum() == steps) {
        List<Theme.Frame> frames = frames(rng, theme, effects, heldOut);
        if (!frames.isEmpty()) {
          return new StoryPlan(theme, frames);
        }
      }
    }
  }

  private static List<Effect> effects(RandomGenerator rng, Theme theme) {
    List<Effect> out = new ArrayList<>();
    boolean product = theme.has(Effect.PRODUCT) && (!theme.has(Effect.SET) || rng.nextInt(3) == 0);
    out.add(product ? Effect.PRODUCT : Effect.SET);
    int events = rng.nextInt(4);
    for (int i = 0; i < events; i++) {
      Effect event = Wording.pick(rng, EVENTS);
      if (theme.has(event)) {
        out.add(event);
      }
    }
    if (rng.nextInt(3) > 0) {
      out.add(Effect.ASK);
      return out;
    }
    Effect other = Wording.pick(rng, OTHERS);
    out.add(other);
    out.add(
        switch (rng.nextInt(4)) {
          case 0 -> Effect.ASK_MORE;
          case 1 -> Effect.ASK_FEWER;
          case 2 -> Effect.ASK_OTHER;
          default -> Effect.ASK_TOTAL;
        });
    // Asking for what was just said, or for a difference that was just said, is no problem.
    boolean isSaid =
        switch (out.getLast()) {
          case ASK_OTHER -> other == Effect.OTHER;
          case ASK_MORE -> other != Effect.OTHER;
          case ASK_FEWER -> other != Effect.OTHER;
          default -> false;
        };
    if (isSaid) {
      out.set(out.size() - 1, Effect.ASK_TOTAL);
    }
    return out;
  }

  /** Sentences that carry the effects in turn; empty if the setting has none for one of them. */
  private static List<Theme.Frame> frames(
      RandomGenerator rng, Theme theme, List<Effect> effects, boolean heldOut) {
    List<Theme.Frame> out = new ArrayList<>();
    int at = 0;
    while (at < effects.size()) {
      List<Theme.Frame> fitting = new ArrayList<>();
      for (int end = at + 1; end <= Math.min(effects.size(), at + LONGEST_FRAME); end++) {
        fitting.addAll(theme.frames(effects.subList(at, end), heldOut));
      }
      boolean hasNew = heldOut && fitting.stream().anyMatch(Theme.Frame::isHeldOut);
      if (hasNew) {
        fitting.removeIf(f -> !f.isHeldOut());
      }
      if (fitting.isEmpty()) {
        return List.of();
      }
      Theme.Frame frame = Wording.pick(rng, fitting);
      out.add(frame);
      at += frame.effects().size();
    }
    return out;
  }
}
