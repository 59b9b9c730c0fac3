package burhan.train;

import burhan.task.Curriculum;
import burhan.task.Problem;
import burhan.token.Tokenizer;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Training documents made on the fly from the task generators: sample i is a function of the seed,
 * i and the progress of the run, so nothing is stored and a resumed run draws what it would have.
 * Draws from the training split only.
 */
final class TaskSamples implements SampleSource {
  private static final int LONGEST_TRIES = 20;
  private static final double TWO_TURNS = 0.1;

  private final Curriculum curriculum = new Curriculum();
  private final NanoTemplate template;
  private final Stage stage;
  private final long seed;
  private final int context;
  private final double promptShare;

  TaskSamples(Tokenizer tokenizer, TrainConfig config) {
    template = new NanoTemplate(tokenizer);
    stage = config.stage();
    seed = config.seed();
    context = config.context();
    promptShare = config.promptShare();
  }

  @Override
  public Sample sample(long index, double progress) {
    SplittableRandom rng = new SplittableRandom(mix(seed * 0x9E3779B97F4A7C15L + index));
    // SFT begins where pre-training ended: with the full mixture.
    double level = stage == Stage.SFT ? 1 : progress;
    for (int i = 0; i < LONGEST_TRIES; i++) {
      Problem problem = curriculum.next(rng, level);
      List<Problem> earlier = List.of();
      if (stage == Stage.SFT && rng.nextDouble() < TWO_TURNS) {
        earlier = List.of(curriculum.next(rng, level));
      }
      boolean wholeText = rng.nextDouble() < promptShare;
      Sample sample = template.sample(earlier, problem, wholeText);
      if (sample.length() <= context) {
        return sample;
      }
    }
    throw new IllegalStateException(
        "sample %d: %d problems in a row are longer than the context of %d tokens"
            .formatted(index, LONGEST_TRIES, context));
  }

  /** Neighbouring indexes must not give related streams. */
  private static long mix(long x) {
    x = (x ^ (x >>> 30)) * 0xbf58476d1ce4e5b9L;
    x = (x ^ (x >>> 27)) * 0x94d049bb133111ebL;
    return x ^ (x >>> 31);
  }
}
