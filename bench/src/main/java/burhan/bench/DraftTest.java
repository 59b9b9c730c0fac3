package burhan.bench;

import burhan.engine.Answer;
import burhan.engine.Engine;
import burhan.engine.GenerationRequest;
import burhan.engine.Prompt;
import burhan.engine.Sampling;
import burhan.engine.Speculation;
import burhan.engine.TextFiles;
import burhan.model.LanguageModel;
import burhan.tensor.BadInputException;
import burhan.token.Message;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What guesses ahead bring ({@code sg128}): the same greedy answers to a few questions, of so many
 * tokens at most, with them and without. Unlike {@link SpeedTest} it depends on what the model
 * says, so random weights mean nothing here.
 *
 * @param tokens of an answer at most
 */
public record DraftTest(int tokens) {
  private static final Pattern NAME = Pattern.compile("sg([1-9]\\d{0,5})");
  private static final List<String> QUESTIONS =
      List.of(
          "What is 17 + 25?",
          "48 * 7",
          "A baker has 126 rolls and sells 58 of them. How many are left?",
          "945 / 9 = ?",
          "12 - 5 + 30",
          "كم يساوي 63 + 19؟");

  /**
   * What was measured.
   *
   * @param test what was asked for
   * @param plain tokens per second without guesses
   * @param guessing tokens per second with them
   * @param tokensPerStep one and the guesses that were right
   */
  public record Result(
      DraftTest test,
      double plain,
      double guessing,
      double tokensPerStep,
      int draftTokens,
      int acceptedTokens,
      double acceptanceRate) {}

  /** As a report calls it. */
  public String name() {
    return "sg" + tokens;
  }

  /** Whether a test of this name is one of these. */
  public static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  /**
   * The test of that name.
   *
   * @throws BadInputException if it is not sg and a number
   */
  public static DraftTest of(String name) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      throw new BadInputException(
          "test '%s' is not known; expected sg and a number of tokens, such as sg128"
              .formatted(name));
    }
    return new DraftTest(Integer.parseInt(matcher.group(1)));
  }

  /** Answers every question with guesses and without, first to be warm, then on the clock. */
  public Result measure(LanguageModel model, TextFiles text, Speculation speculation) {
    // Neither is closed: the model is the caller's.
    Engine plain = Engine.of(model, text, Speculation.OFF);
    Engine guessing = Engine.of(model, text, speculation);
    int completion = 0;
    int drafted = 0;
    int accepted = 0;
    double plainSeconds = 0;
    double guessingSeconds = 0;
    for (boolean isWarm : new boolean[] {false, true}) {
      for (String question : QUESTIONS) {
        // One after the other, so that another load on the machine meets both.
        long start = System.nanoTime();
        plain.generate(request(plain, question));
        long between = System.nanoTime();
        Answer answer = guessing.generate(request(guessing, question));
        if (isWarm) {
          plainSeconds += (between - start) / 1e9;
          guessingSeconds += (System.nanoTime() - between) / 1e9;
          completion += answer.usage().completionTokens();
          drafted += answer.usage().draftTokens();
          accepted += answer.usage().acceptedTokens();
        }
      }
    }
    return new Result(
        this,
        completion / plainSeconds,
        completion / guessingSeconds,
        completion / (double) Math.max(1, completion - accepted),
        drafted,
        accepted,
        drafted == 0 ? 0 : (double) accepted / drafted);
  }

  private GenerationRequest request(Engine engine, String question) {
    Prompt prompt = engine.prompt(List.of(Message.user(question)), true);
    return GenerationRequest.of(prompt).withMaxTokens(tokens).withSampling(Sampling.GREEDY);
  }
}
