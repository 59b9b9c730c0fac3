package burhan.hub;

import burhan.tensor.BadInputException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Brings models from a hub into the cache: lists, chooses, checks the space, fetches several files
 * at once, and shows the model only when all of it is there.
 */
public final class Hub implements AutoCloseable {
  private static final int CONNECTIONS = 4;
  private static final int MOST_PLANS = 3;

  /** Left free on the disk besides what is fetched. */
  private static final long SPARE_BYTES = 64L << 20;

  private final HubSettings settings;
  private final Patience patience;
  private final HubClient client;
  private final HubCache cache;

  public Hub(HubSettings settings) {
    this(settings, Patience.USUAL);
  }

  Hub(HubSettings settings, Patience patience) {
    this.settings = settings;
    this.patience = patience;
    this.client = new HubClient(settings);
    this.cache = new HubCache(settings.cache());
  }

  /** What is asked of the hub once, and what is worked on afterwards. */
  private record Work(Repository repository, Choice choice, PullPlan plan) {}

  /** A file that one thread has fetched. */
  private record Done(RepoFile file, long fetched) {}

  /**
   * What a pull would fetch. Opens connections, writes nothing.
   *
   * @param memoryBytes of this machine; among several quantisations the best that fits is taken
   * @throws BadInputException if the model cannot be had
   */
  public PullPlan plan(HubName name, long memoryBytes, PullListener listener) {
    return work(name, memoryBytes, listener).plan();
  }

  /**
   * Fetches a model, or what of it is missing.
   *
   * @param memoryBytes as for {@link #plan}
   * @throws BadInputException if the model cannot be had; what has arrived is kept for the next
   *     time
   */
  public Pulled pull(HubName name, long memoryBytes, PullListener listener) {
    for (int plans = 1; ; plans++) {
      Work work = work(name, memoryBytes, listener);
      listener.planned(work.plan());
      try {
        return fetch(work, listener);
      } catch (ChangedMeanwhile e) {
        if (plans == MOST_PLANS) {
          throw new BadInputException(
              e.getMessage() + ", " + plans + " times while it was fetched; pull again later", e);
        }
        listener.notice(e.getMessage() + "; looking again");
      } catch (FileSystemException e) {
        throw new BadInputException(
            "%s: cannot be written (%s); set HF_HUB_CACHE to a folder that can"
                .formatted(e.getFile(), reason(e)),
            e);
      } catch (IOException e) {
        throw new BadInputException(
            "%s: cannot be written (%s)".formatted(cache.root(), e.getMessage()), e);
      }
    }
  }

  private static String reason(FileSystemException e) {
    String reason = e.getReason();
    return reason == null ? e.getClass().getSimpleName() : reason;
  }

  private Work work(HubName name, long memoryBytes, PullListener listener) {
    if (settings.isOffline()) {
      throw new BadInputException(
          "%s: HF_HUB_OFFLINE is set, so nothing is fetched; unset it to pull".formatted(name));
    }
    Repository repository =
        patiently(settings.endpoint().toString(), listener, () -> client.list(name));
    Choice listed = Choice.of(name, repository.files(), memoryBytes);
    FileNames.checkStorable(name.repo(), listed.files().stream().map(RepoFile::name).toList());
    List<RepoFile> files = new ArrayList<>();
    for (RepoFile file : listed.files()) {
      files.add(
          file.isComplete()
              ? file
              : patiently(
                  settings.endpoint().toString(),
                  listener,
                  () -> client.describe(name, repository.commit(), file)));
    }
    Choice choice = new Choice(List.copyOf(files), listed.opens());
    return new Work(repository, choice, plan(name, repository, choice));
  }

  private PullPlan plan(HubName name, Repository repository, Choice choice) {
    long total = 0;
    long here = 0;
    try {
      for (RepoFile file : choice.files()) {
        total = Math.addExact(total, file.bytes());
        here += here(repository, file);
      }
    } catch (ArithmeticException e) {
      throw new BadInputException(name.repo() + ": the server lists impossible sizes", e);
    } catch (IOException e) {
      throw new BadInputException(cache.root() + ": cannot be read (" + e.getMessage() + ")", e);
    }
    return new PullPlan(
        name, repository.commit(), repository.license(), choice.files(), total, here);
  }

  private long here(Repository repository, RepoFile file) throws IOException {
    return cache.has(repository.repo(), repository.commit(), file)
        ? file.bytes()
        : cache.incompleteBytes(repository.repo(), file);
  }

  /** An attempt that may have to be repeated. */
  private interface Attempt<T> {
    T run() throws IOException;
  }

  private <T> T patiently(String what, PullListener listener, Attempt<T> attempt) {
    Attempts attempts = new Attempts(what, patience, listener);
    while (true) {
      try {
        return attempt.run();
      } catch (IOException e) {
        attempts.failed(e);
      }
    }
  }

  private Pulled fetch(Work work, PullListener listener) throws IOException {
    PullPlan plan = work.plan();
    Repository repository = work.repository();
    checkSpace(plan);
    long fetched = fetchAll(work, listener);
    // The model appears when all of it is there, and the name points to it last.
    for (RepoFile file : plan.files()) {
      cache.place(repository.repo(), repository.commit(), file);
    }
    cache.point(repository.repo(), plan.name().wanted(), repository.commit());
    Path snapshot = cache.snapshot(repository.repo(), repository.commit());
    String opens = work.choice().opens();
    return new Pulled(plan, opens == null ? snapshot : snapshot.resolve(opens), fetched);
  }

  private void checkSpace(PullPlan plan) throws IOException {
    Files.createDirectories(cache.root());
    long needed = plan.totalBytes() - plan.hereBytes();
    long free = Files.getFileStore(cache.root()).getUsableSpace();
    if (needed > 0 && needed > free - SPARE_BYTES) {
      throw new BadInputException(
          "%s: %s are needed for %s, but only %s are free; make room, or set HF_HUB_CACHE to another disk"
              .formatted(
                  cache.root(), Sizes.bytes(needed), plan.name(), Sizes.bytes(Math.max(0, free))));
    }
  }

  private long fetchAll(Work work, PullListener listener) throws IOException {
    List<RepoFile> files = new ArrayList<>(work.plan().files());
    // Small ones first: what is wrong with a repository shows before the long wait.
    files.sort(Comparator.comparingLong(RepoFile::bytes));
    ExecutorService threads =
        Executors.newFixedThreadPool(CONNECTIONS, Thread.ofPlatform().daemon().factory());
    try {
      CompletionService<Done> downloads = new ExecutorCompletionService<>(threads);
      for (RepoFile file : files) {
        downloads.submit(() -> new Done(file, fetch(work, file, listener)));
      }
      long fetched = 0;
      for (int i = 0; i < files.size(); i++) {
        Done done = downloads.take().get();
        fetched += done.fetched();
        listener.finished(done.file());
      }
      return fetched;
    } catch (ExecutionException e) {
      throw rethrown(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BadInputException("the download was stopped; what has arrived is kept", e);
    } finally {
      threads.shutdownNow();
      awaitEnd(threads);
    }
  }

  /**
   * Lets the other downloads put down what they have, so that nothing is written after an error.
   */
  private static void awaitEnd(ExecutorService threads) {
    try {
      if (!threads.awaitTermination(5, TimeUnit.SECONDS)) {
        System.getLogger(Hub.class.getName())
            .log(System.Logger.Level.DEBUG, "a download did not stop within 5 s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private long fetch(Work work, RepoFile file, PullListener listener) throws IOException {
    long here = here(work.repository(), file);
    if (cache.has(work.repository().repo(), work.repository().commit(), file)) {
      return 0;
    }
    return new Download(
            client,
            cache,
            work.plan().name(),
            work.repository(),
            file,
            settings,
            patience,
            listener)
        .run(here);
  }

  private static IOException rethrown(@Nullable Throwable cause) throws IOException {
    switch (cause) {
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case IOException e -> throw e;
      case null, default -> throw new IllegalStateException(cause);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
