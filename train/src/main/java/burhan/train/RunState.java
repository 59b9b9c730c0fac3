package burhan.train;

import burhan.checkpoint.Json;
import burhan.tensor.BadInputException;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where a run stands. All randomness is a function of the seed and the sample number, so these
 * numbers are the whole random state and data position.
 *
 * @param step optimiser steps done
 * @param tokens seen, padding not counted
 * @param samples drawn from the source
 * @param seconds spent in steps
 * @param seed the run was started with
 * @param budget tokens the schedules were laid out for
 */
record RunState(long step, long tokens, long samples, double seconds, long seed, long budget) {
  static RunState start(TrainConfig config) {
    return new RunState(0, 0, 0, 0, config.seed(), config.tokens());
  }

  RunState after(long moreTokens, long moreSamples, double moreSeconds) {
    return new RunState(
        step + 1, tokens + moreTokens, samples + moreSamples, seconds + moreSeconds, seed, budget);
  }

  ObjectNode toJson() {
    return Json.mapper()
        .createObjectNode()
        .put("step", step)
        .put("tokens", tokens)
        .put("samples", samples)
        .put("seconds", seconds)
        .put("seed", seed)
        .put("budget", budget);
  }

  /**
   * @throws BadInputException if the run was started with another seed or length, which would
   *     change its data or schedule midway
   */
  static RunState parse(Json json, TrainConfig config) {
    RunState state =
        new RunState(
            (long) json.number("step"),
            (long) json.number("tokens"),
            (long) json.number("samples"),
            json.number("seconds"),
            (long) json.number("seed"),
            (long) json.number("budget"));
    if (state.seed != config.seed() || state.budget != config.tokens()) {
      throw new BadInputException(
          "%s: this run has seed %d and %d tokens, got seed %d and %d tokens; give the same or another output folder"
              .formatted(json.where(), state.seed, state.budget, config.seed(), config.tokens()));
    }
    return state;
  }
}
