package burhan.hub;

import burhan.tensor.BadInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Brings one file into the cache: goes on where an earlier attempt stopped, checks the content, and
 * only then gives it its name. Nothing that is cut or wrong ever gets one.
 */
final class Download {
  private static final int CHUNK = 1 << 16;
  private static final long TOLD_BYTES = 2L << 30;
  private static final Duration LOCK_PAUSE = Duration.ofMillis(100);

  private final HubClient client;
  private final HubCache cache;
  private final Repository repository;
  private final HubName name;
  private final RepoFile file;
  private final Duration idleTimeout;
  private final PullListener listener;
  private final Attempts attempts;
  private final Checksum checksum;
  private long fetched;
  private long farthest;
  private long counted; // what the listener believes to be here

  Download(
      HubClient client,
      HubCache cache,
      HubName name,
      Repository repository,
      RepoFile file,
      HubSettings settings,
      Patience patience,
      PullListener listener) {
    this.client = client;
    this.cache = cache;
    this.repository = repository;
    this.name = name;
    this.file = file;
    this.idleTimeout = settings.idleTimeout();
    this.listener = listener;
    this.checksum = Checksum.of(file);
    this.attempts = new Attempts(name.repo() + ": '" + file.name() + "'", patience, listener);
  }

  /**
   * Fetches what is missing.
   *
   * @param here bytes of it that are already counted
   * @return bytes that came over the network
   * @throws ChangedMeanwhile if the server has another content now
   * @throws BadInputException if it cannot be had, or is not what it should be
   */
  long run(long here) throws IOException {
    counted = here;
    String repo = repository.repo();
    Path lock = cache.lock(repo, file.etag());
    Files.createDirectories(lock.getParent());
    Files.createDirectories(cache.blob(repo, file.etag()).getParent());
    try (FileChannel channel =
        FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      FileLock held = lock(channel);
      try {
        // Somebody else may have fetched it while this one waited.
        if (!cache.has(repo, repository.commit(), file)) {
          fetch(cache.incomplete(repo, file.etag()));
        }
      } finally {
        held.release();
      }
    }
    count(file.bytes());
    return fetched;
  }

  private FileLock lock(FileChannel channel) throws IOException {
    for (boolean isTold = false; ; ) {
      try {
        FileLock lock = channel.tryLock();
        if (lock != null) {
          return lock;
        }
      } catch (OverlappingFileLockException e) {
        // Held by this process; waited for like any other.
      }
      if (!isTold) {
        isTold = true;
        listener.notice(
            "%s: '%s' is already being fetched by another pull; waiting for it"
                .formatted(name.repo(), file.name()));
      }
      try {
        Thread.sleep(LOCK_PAUSE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new BadInputException("the download was stopped", e);
      }
    }
  }

  /** Until the content is whole and right, or there is no hope. */
  private void fetch(Path incomplete) throws IOException {
    if (file.check() == RepoFile.Check.NONE) {
      Files.deleteIfExists(incomplete); // a part that could not be checked is no beginning
    }
    boolean isOurs = !Files.exists(incomplete);
    while (true) {
      try (FileChannel channel =
          FileChannel.open(
              incomplete,
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE)) {
        checksum.restart();
        complete(channel);
        channel.force(true);
        checksum.finish(channel);
        if (checksum.isRight()) {
          break;
        }
        Files.delete(incomplete);
        if (isOurs) {
          throw new BadInputException(
              "%s: '%s' arrived whole but with the checksum %s instead of %s; it is deleted, pull again or use another endpoint"
                  .formatted(name.repo(), file.name(), checksum.got(), file.etag()));
        }
        // What an earlier attempt had left may have been the wrong part.
        isOurs = true;
        listener.notice(
            "%s: '%s' has a wrong checksum with what was left of an earlier pull; it is fetched anew"
                .formatted(name.repo(), file.name()));
      }
    }
    Files.move(
        incomplete,
        cache.blob(repository.repo(), file.etag()),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /** Fetches the missing end, in as many attempts as it takes. */
  private void complete(FileChannel channel) throws IOException {
    if (channel.size() > file.bytes()) {
      empty(channel);
    }
    readBeginning(channel);
    String etag = "";
    while (channel.size() < file.bytes()) {
      count(channel.size());
      try {
        etag = append(channel, etag);
      } catch (ChangedMeanwhile | FileSystemException e) {
        throw e;
      } catch (RangeRefused e) {
        empty(channel);
        attempts.failed(e);
      } catch (IOException e) {
        attempts.failed(e);
      }
    }
    count(file.bytes());
  }

  private void empty(FileChannel channel) throws IOException {
    channel.truncate(0);
    checksum.restart();
  }

  /** What an earlier attempt has left was never seen by this checksum. */
  private void readBeginning(FileChannel channel) throws IOException {
    if (checksum.unseenBytes(channel.size()) > TOLD_BYTES) {
      listener.notice(
          "%s: '%s': reading the %s that are here"
              .formatted(name.repo(), file.name(), Sizes.bytes(channel.size())));
    }
    checksum.read(channel);
  }

  /**
   * One request.
   *
   * @param known what the last server called the content, so that two halves of different contents
   *     are noticed where no checksum will
   * @return what this server calls it
   */
  private String append(FileChannel channel, String known) throws IOException {
    long have = channel.size();
    HubClient.Body body = client.open(name, repository.commit(), file, have);
    try (InputStream stream = body.stream()) {
      // The machines of a delivery network may name one content differently.
      boolean canBeChecked = file.check() != RepoFile.Check.NONE;
      boolean goesOn =
          body.isPartial()
              && body.from().orElse(-1) == have
              && body.total().orElse(file.bytes()) == file.bytes()
              && (known.isEmpty() || known.equals(body.etag()) || canBeChecked);
      if (have > 0 && !goesOn) {
        empty(channel);
        count(0);
        if (body.isPartial()) {
          throw new TryAgain("the server sends another part than the one asked for", null);
        }
        have = 0;
      } else if (have == 0 && body.isPartial() && body.from().orElse(-1) != 0) {
        throw new TryAgain("the server sends a part although all was asked for", null);
      }
      if (body.total().orElse(file.bytes()) != file.bytes()) {
        throw new ChangedMeanwhile(
            "%s: '%s' has %d bytes on the server, but %d were listed"
                .formatted(name.repo(), file.name(), body.total().getAsLong(), file.bytes()));
      }
      channel.position(have);
      copy(stream, channel);
    }
    return body.etag();
  }

  private void copy(InputStream stream, FileChannel channel) throws IOException {
    AtomicLong lastByte = new AtomicLong(System.nanoTime());
    Thread watch = Thread.ofVirtual().start(() -> watch(stream, lastByte));
    try {
      byte[] chunk = new byte[CHUNK];
      long position = channel.position();
      for (int n = stream.read(chunk); n >= 0; n = stream.read(chunk)) {
        lastByte.set(System.nanoTime());
        if (Thread.currentThread().isInterrupted()) {
          throw new BadInputException("the download was stopped; what has arrived is kept");
        }
        if (position + n > file.bytes()) {
          empty(channel);
          throw new ChangedMeanwhile(
              "%s: '%s' changed on the server, which sends more than the %d bytes of its list"
                  .formatted(name.repo(), file.name(), file.bytes()));
        }
        ByteBuffer bytes = ByteBuffer.wrap(chunk, 0, n);
        write(channel, bytes);
        checksum.written(position, chunk, n);
        position += n;
        fetched += n;
        count(position);
        if (position > farthest) { // beginning over and over is no progress
          farthest = position;
          attempts.progressed();
        }
      }
      if (position < file.bytes()) {
        throw new TryAgain(
            "the connection ended after %s of %s"
                .formatted(Sizes.bytes(position), Sizes.bytes(file.bytes())),
            null);
      }
    } finally {
      watch.interrupt();
    }
  }

  /** A full disk must not look like a broken connection. */
  private void write(FileChannel channel, ByteBuffer bytes) throws FileSystemException {
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw new FileSystemException(
          cache.incomplete(repository.repo(), file.etag()).toString(), null, e.getMessage());
    }
  }

  /** Closes a stream from which nothing comes any more; its reader then sees an end or an error. */
  private void watch(InputStream stream, AtomicLong lastByte) {
    long most = idleTimeout.toNanos();
    try {
      while (true) {
        long idle = System.nanoTime() - lastByte.get();
        if (idle > most) {
          stream.close();
          return;
        }
        Thread.sleep(Duration.ofNanos(most - idle).plusMillis(1));
      }
    } catch (InterruptedException | IOException e) {
      // The reader is done, or the stream was broken anyway.
    }
  }

  private void count(long here) {
    if (here != counted) {
      listener.arrived(here - counted);
      counted = here;
    }
  }
}
