package burhan.engine;

import burhan.tensor.BadInputException;
import java.util.Arrays;
import java.util.Map;

/**
 * Turns logits into one token id. Knows no text, no model, no batch. Belongs to one sequence,
 * because it remembers which tokens it has seen.
 *
 * <p>The order is that of Transformers and vLLM:
 *
 * <ol>
 *   <li>logit bias is added;
 *   <li>repetition penalty, over prompt and answer;
 *   <li>presence and frequency penalty, over the answer;
 *   <li>temperature 0 takes the largest logit, the lowest id among equals, and is done;
 *   <li>logits are divided by the temperature and become probabilities;
 *   <li>top-k keeps the k likeliest;
 *   <li>top-p keeps the fewest of these that reach the share p of their sum, at least one;
 *   <li>min-p keeps those of at least this share of the likeliest one's probability;
 *   <li>one of the rest is drawn with one random number.
 * </ol>
 *
 * <p>The random numbers are SplitMix64 (Steele, Lea and Flood 2014), so that a seed means the same
 * on every JVM.
 */
public final class Sampler {
  private static final long STEP = 0x9E3779B97F4A7C15L;

  private final Sampling sampling;
  private final int vocabSize;
  private final int[] biasIds;
  private final float[] biases;
  private final int[] counts; // by id: times in the answer; empty without penalties
  private final boolean[] seen; // by id: in prompt or answer
  private int[] distinct = {}; // the ids seen, in order of appearance
  private int distinctCount;
  private final Candidates candidates;
  private long state;

  /**
   * @param vocabSize length of the logits
   * @param prompt ids below {@code vocabSize} that the repetition penalty counts as seen
   * @param randomSeed used when {@code sampling} names no seed
   * @throws BadInputException if the logit bias names a token that the model does not have
   */
  public Sampler(Sampling sampling, int vocabSize, int[] prompt, long randomSeed) {
    this(sampling, vocabSize, prompt, randomSeed, new Candidates(vocabSize));
  }

  /** The same with scratch that sequences of one engine share. */
  Sampler(Sampling sampling, int vocabSize, int[] prompt, long randomSeed, Candidates candidates) {
    sampling.checkBias(vocabSize);
    this.sampling = sampling;
    this.vocabSize = vocabSize;
    this.candidates = candidates;
    this.state = sampling.seed().orElse(randomSeed);
    this.biasIds = new int[sampling.logitBias().size()];
    this.biases = new float[biasIds.length];
    int i = 0;
    for (Map.Entry<Integer, Double> bias : sampling.logitBias().entrySet()) {
      biasIds[i] = bias.getKey();
      biases[i++] = bias.getValue().floatValue();
    }
    boolean remembers = sampling.hasPenalties();
    this.counts = new int[remembers ? vocabSize : 0];
    this.seen = new boolean[remembers ? vocabSize : 0];
    if (remembers) {
      for (int id : prompt) {
        see(id);
      }
    }
  }

  /**
   * Chooses a token and remembers it as part of the answer.
   *
   * @param logits [vocabSize] from index {@code at}; bias and penalties change them in place
   * @throws BadInputException if the logits hold no number to choose by
   */
  public int next(float[] logits, int at) {
    int token = choose(logits, at);
    if (token < 0) {
      throw new BadInputException(
          "the model's logits are not numbers; its weights are damaged or overflow in their type");
    }
    accept(token);
    return token;
  }

  /** Remembers a token as part of the answer that nobody chose. */
  void accept(int token) {
    if (counts.length > 0) {
      see(token);
      counts[token]++;
    }
  }

  /**
   * Chooses by somebody else's logits what {@link #next} may choose later, and remembers nothing.
   * The same random number will decide then, so that the closer the logits the likelier the guess;
   * the guess itself decides nothing.
   *
   * @param ahead how many tokens are chosen before that one
   * @return -1 if the logits hold no number to choose by
   */
  int guess(float[] logits, int at, int ahead) {
    long now = state;
    state += ahead * STEP;
    int token = choose(logits, at);
    state = now;
    return token;
  }

  private int choose(float[] logits, int at) {
    bias(logits, at);
    penalise(logits, at);
    int likeliest = likeliest(logits, at);
    return likeliest < 0 || sampling.temperature() == 0
        ? likeliest
        : draw(logits, at, logits[at + likeliest]);
  }

  private void bias(float[] logits, int at) {
    for (int i = 0; i < biasIds.length; i++) {
      logits[at + biasIds[i]] += biases[i];
    }
  }

  private void penalise(float[] logits, int at) {
    float repetition = (float) sampling.repetitionPenalty();
    for (int i = 0; i < distinctCount; i++) {
      int id = distinct[i];
      float logit = logits[at + id];
      logit = logit > 0 ? logit / repetition : logit * repetition;
      if (counts[id] > 0) {
        logit -= (float) (sampling.presencePenalty() + sampling.frequencyPenalty() * counts[id]);
      }
      logits[at + id] = logit;
    }
  }

  /** The largest logit, or -1 if there is none or one is no number. */
  private int likeliest(float[] logits, int at) {
    int best = -1;
    float largest = Float.NEGATIVE_INFINITY;
    for (int id = 0; id < vocabSize; id++) {
      float logit = logits[at + id];
      if (logit > largest) {
        largest = logit;
        best = id;
      }
      if (Float.isNaN(logit)) {
        best = -1;
        break;
      }
    }
    return largest == Float.POSITIVE_INFINITY ? -1 : best;
  }

  private int draw(float[] logits, int at, float largest) {
    double mass = candidates.fill(logits, at, largest, sampling.temperature());
    int topK = sampling.topK() == 0 ? vocabSize : Math.min(sampling.topK(), vocabSize);
    boolean cuts = topK < vocabSize || sampling.topP() < 1 || sampling.minP() > 0;
    if (!cuts) {
      return drawFrom(0, vocabSize, mass);
    }
    // Popped tokens lie behind the heap, the likeliest last: indices vocabSize - 1 downwards.
    candidates.order();
    if (topK < vocabSize) {
      mass = 0;
      for (int i = 0; i < topK; i++) {
        mass += candidates.weight(candidates.pop());
      }
    }
    double enough = mass * sampling.topP();
    double least = sampling.minP(); // the likeliest weighs 1
    double kept = 0;
    int from = vocabSize;
    while (from > vocabSize - topK && (from == vocabSize || kept < enough)) {
      if (candidates.size() == from) {
        candidates.pop();
      }
      if (candidates.weight(from - 1) < least) {
        break;
      }
      from--;
      kept += candidates.weight(from);
    }
    return drawFrom(from, vocabSize, kept);
  }

  /** One of the candidates from index {@code from} to {@code to}, whose weights sum to mass. */
  private int drawFrom(int from, int to, double mass) {
    double left = uniform() * mass;
    int chosen = to - 1;
    for (int i = to - 1; i >= from; i--) {
      double weight = candidates.weight(i);
      if (weight > 0) {
        chosen = i;
        left -= weight;
        if (left < 0) {
          break;
        }
      }
    }
    return candidates.id(chosen);
  }

  private double uniform() {
    state += STEP;
    long z = state;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return ((z ^ (z >>> 31)) >>> 11) * 0x1p-53;
  }

  private void see(int id) {
    if (seen[id]) {
      return;
    }
    seen[id] = true;
    if (distinctCount == distinct.length) {
      distinct = Arrays.copyOf(distinct, Math.max(64, 2 * distinctCount));
    }
    distinct[distinctCount++] = id;
  }
}
