package burhan.engine;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/** Many requests of one caller, some at a time: as one ends, the next gets in line. */
final class GenerationRun {
  private final Scheduler scheduler;
  private final List<GenerationRequest> requests;
  private final ObjIntConsumer<Answer> finished;
  private final Cancellation cancellation;
  private final BlockingQueue<Integer> ended = new LinkedBlockingQueue<>(); // indices
  private final Generation[] generations;
  private final Answer[] answers;
  private int begun;
  private int done;

  GenerationRun(
      Scheduler scheduler,
      List<GenerationRequest> requests,
      ObjIntConsumer<Answer> finished,
      Cancellation cancellation) {
    this.scheduler = scheduler;
    this.requests = requests;
    this.finished = finished;
    this.cancellation = cancellation;
    this.generations = new Generation[requests.size()];
    this.answers = new Answer[requests.size()];
  }

  /** What fails, or an exception of the listener, ends them all. */
  List<Answer> run(int together) {
    try {
      while (done < answers.length) {
        while (begun < answers.length && begun - done < together) {
          begin(begun++);
        }
        int index = next();
        done++;
        answers[index] = generations[index].await(AnswerListener.NONE);
        finished.accept(answers[index], index);
      }
      return List.of(answers);
    } catch (RuntimeException | Error e) {
      cancellation.cancel();
      throw e;
    }
  }

  private void begin(int index) {
    Generation generation = new Generation(requests.get(index), cancellation);
    generation.whenFinished(() -> ended.add(index));
    generations[index] = generation;
    scheduler.submit(generation, false);
  }

  /** The next that has ended; an interrupt cancels them all and stays set. */
  private int next() {
    @Nullable Integer index = null;
    boolean interrupted = false;
    while (index == null) {
      try {
        index = ended.take();
      } catch (InterruptedException e) {
        interrupted = true;
        cancellation.cancel();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return index;
  }
}
