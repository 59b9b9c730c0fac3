package burhan.hub;

import burhan.checkpoint.AtomicFile;
import burhan.tensor.BadInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The folder that Hugging Face's tools keep their models in, read and written in their layout, so
 * that each finds what the other has fetched: {@code models--org--repo} with {@code blobs/ETAG},
 * {@code snapshots/COMMIT/FILE} as links to them, and {@code refs/REVISION}. Knows no network.
 */
public final class HubCache {
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
  private static final int MOST_REF_BYTES = 1000;
  private static final int DEPTH = 8;

  private final Path root;

  /**
   * @param root the folder of all repositories, which may not exist yet
   */
  public HubCache(Path root) {
    this.root = root;
  }

  private Path repository(String repo) {
    return root.resolve("models--" + repo.replace("/", "--"));
  }

  Path root() {
    return root;
  }

  Path blob(String repo, String etag) {
    return repository(repo).resolve("blobs").resolve(etag);
  }

  Path incomplete(String repo, String etag) {
    return repository(repo).resolve("blobs").resolve(etag + ".incomplete");
  }

  Path lock(String repo, String etag) {
    return root.resolve(".locks")
        .resolve("models--" + repo.replace("/", "--"))
        .resolve(etag + ".lock");
  }

  Path snapshot(String repo, String commit) {
    return repository(repo).resolve("snapshots").resolve(commit);
  }

  /**
   * Where a model lies: the folder of its safetensors, or the first file of its GGUF. Reads the
   * cache only.
   *
   * @return nothing if no file of that repository and revision is there
   * @throws BadInputException if something of it is there, but not what the name asks for
   */
  public Optional<Path> model(HubName name) {
    Optional<Path> snapshot = snapshot(name);
    if (snapshot.isEmpty()) {
      return Optional.empty();
    }
    Path folder = snapshot.get();
    List<RepoFile> files = files(folder);
    if (files.isEmpty()) {
      return Optional.empty();
    }
    try {
      String opens = Choice.local(name, files).opens();
      return Optional.of(opens == null ? folder : folder.resolve(opens));
    } catch (BadInputException e) {
      throw new BadInputException(
          "%s (in the cache, %s); 'burhan pull %s' fetches what is missing"
              .formatted(e.getMessage(), root, name),
          e);
    }
  }

  private Optional<Path> snapshot(HubName name) {
    Path repository = repository(name.repo());
    Path snapshots = repository.resolve("snapshots");
    if (!Files.isDirectory(snapshots)) {
      return Optional.empty();
    }
    String wanted = name.wanted();
    Path ref = repository.resolve("refs").resolve(wanted);
    try {
      if (Files.isRegularFile(ref) && Files.size(ref) <= MOST_REF_BYTES) {
        String commit = Files.readString(ref).strip();
        if (commit.matches("\\w+") && Files.isDirectory(snapshots.resolve(commit))) {
          return Optional.of(snapshots.resolve(commit));
        }
      }
      if (COMMIT.matcher(wanted).matches()) {
        return Optional.of(snapshots.resolve(wanted)).filter(Files::isDirectory);
      }
      if (name.revision() == null) { // pulled by its commit, so that no ref leads there
        try (Stream<Path> all = Files.list(snapshots)) {
          List<Path> folders = all.filter(Files::isDirectory).limit(2).toList();
          return folders.size() == 1 ? Optional.of(folders.getFirst()) : Optional.empty();
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      throw new BadInputException(repository + ": cannot be read (" + e.getMessage() + ")", e);
    }
  }

  /**
   * The files of a snapshot that are really there: a link to a blob that is gone does not count.
   */
  private static List<RepoFile> files(Path snapshot) {
    List<RepoFile> files = new ArrayList<>();
    try (Stream<Path> all = Files.walk(snapshot, DEPTH)) {
      for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
        String name = snapshot.relativize(file).toString().replace('\\', '/');
        files.add(new RepoFile(name, Files.size(file), ""));
      }
    } catch (IOException e) {
      throw new BadInputException(snapshot + ": cannot be read (" + e.getMessage() + ")", e);
    }
    return files;
  }

  /** Whether the content is there, as a blob or, where there are no links, in the snapshot. */
  boolean has(String repo, String commit, RepoFile file) throws IOException {
    Path blob = blob(repo, file.etag());
    if (Files.isRegularFile(blob)) {
      return Files.size(blob) == file.bytes();
    }
    Path inPlace = snapshot(repo, commit).resolve(file.name());
    return Files.isRegularFile(inPlace, LinkOption.NOFOLLOW_LINKS)
        && Files.size(inPlace) == file.bytes();
  }

  /** Bytes of a file that an earlier attempt has left. */
  long incompleteBytes(String repo, RepoFile file) throws IOException {
    Path incomplete = incomplete(repo, file.etag());
    long there = Files.isRegularFile(incomplete) ? Files.size(incomplete) : 0;
    return there > file.bytes() ? 0 : there;
  }

  /**
   * Makes a file appear in its snapshot: as a relative link, as a copy where there are no links.
   */
  void place(String repo, String commit, RepoFile file) throws IOException {
    Path place = snapshot(repo, commit).resolve(file.name());
    Path blob = blob(repo, file.etag());
    if (!Files.isRegularFile(blob)) {
      return; // it lies in its place already
    }
    Path folder = Objects.requireNonNull(place.getParent());
    Files.createDirectories(folder);
    Path target = folder.relativize(blob);
    if (Files.isSymbolicLink(place) && Files.readSymbolicLink(place).equals(target)) {
      return;
    }
    Path fresh = folder.resolve(".%s.%d.tmp".formatted(file.etag(), ProcessHandle.current().pid()));
    Files.deleteIfExists(fresh);
    try {
      link(fresh, target, blob);
      Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  private static void link(Path fresh, Path target, Path blob) throws IOException {
    try {
      Files.createSymbolicLink(fresh, target);
    } catch (UnsupportedOperationException | FileSystemException e) {
      Files.copy(blob, fresh);
    }
  }

  /** Notes what commit a revision stands for. */
  void point(String repo, String revision, String commit) throws IOException {
    if (!revision.equals(commit)) {
      byte[] text = commit.getBytes(StandardCharsets.UTF_8);
      AtomicFile.write(
          repository(repo).resolve("refs").resolve(revision),
          channel -> channel.write(ByteBuffer.wrap(text)));
    }
  }
}
