package burhan.task;

import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * Word problems of one to four steps: an opening, events and a question, from the settings and the
 * lexicon of one language. Out of distribution means a noun and people never met in training, and
 * held-out sentences where the setting has some.
 */
final class WordProblems implements Task {
  private static final int LONGEST_PROMPT = 260;

  /**
   * What sentences with a bare number make of one; also Arabic hundreds and one or two, which few
   * can say.
   */
  private static final Pattern ODD_SINGULAR =
      Pattern.compile(
          "\\b1 (red|blue|big|new|girls|boys|students|classes|points|liters|trees|loaves|cars|books|seats|degrees|eggs|cups|cakes|screws|shelves|lessons|words|wheels|are|old|hours|days|weeks|years|pages|people|passengers|kilometers|rows|fields|tables|teams"
              + "|stables|friends|equal groups|times|of them|more (are|were|get|got|come|came)|get|got"
              + "|leave|left)\\b|\\b[1-9]0[12] \\p{InArabic}|\\b1 أصدقاء|\\b2 أصدقاء|\\b[12] أضعاف");

  private final Language language;

  WordProblems(Language language) {
    this.language = language;
  }

  @Override
  public Skill skill() {
    return language == Language.EN ? Skill.WORD_EN : Skill.WORD_AR;
  }

  @Override
  public Problem generate(RandomGenerator rng, Split split, double difficulty) {
    boolean heldOut = split == Split.OOD;
    double level = heldOut ? 1 : Math.clamp(difficulty, 0, 1);
    while (true) {
      int steps = steps(rng, level);
      List<Theme> settings = Lexicon.of(language).settings(heldOut && rng.nextBoolean());
      StoryPlan plan = StoryPlan.draw(rng, settings, steps, heldOut);
      // Arabic says one and two by the noun itself: a rarer thing to learn.
      boolean joinsCounts = plan.frames().stream().anyMatch(f -> f.text().contains("و{"));
      boolean isSmall = rng.nextInt(8) == 0 && !joinsCounts;
      int least = isSmall ? 1 : language == Language.AR ? 3 : 2;
      Numbers numbers = new Numbers(level, plan.theme().most(), least);
      Optional<Story> story = Story.draw(rng, plan.effects(), numbers);
      if (story.isPresent()) {
        String key = heldOut ? "ood " + story.get().key() : story.get().key();
        if (heldOut || Splits.of(key) == split) {
          String prompt = prompt(rng, plan, story.get(), heldOut);
          if (prompt.length() <= LONGEST_PROMPT && !ODD_SINGULAR.matcher(prompt).find()) {
            String answer = Integer.toString(story.get().answer());
            String typed = Wording.inDigits(prompt, Wording.digits(rng, language));
            return new Problem(skill(), language, typed, story.get().trace(), answer, key);
          }
        }
      }
    }
  }

  private static int steps(RandomGenerator rng, double level) {
    double roll = rng.nextDouble();
    if (level < 0.3) {
      return 1;
    }
    if (level < 0.6) {
      return roll < 0.6 ? 1 : 2;
    }
    return roll < 0.35 ? 1 : roll < 0.75 ? 2 : roll < 0.92 ? 3 : 4;
  }

  private String prompt(RandomGenerator rng, StoryPlan plan, Story story, boolean heldOut) {
    StoryText text = StoryText.cast(rng, language, plan.theme().kind(), heldOut);
    StringBuilder out = new StringBuilder();
    int at = 0;
    for (Theme.Frame frame : plan.frames()) {
      List<Integer> stated = new java.util.ArrayList<>();
      for (int i = 0; i < frame.effects().size(); i++) {
        stated.addAll(story.stated(at++));
      }
      out.append(out.isEmpty() ? "" : " ").append(text.say(frame.text(), stated));
    }
    return out.toString();
  }
}
