package burhan.api;

import burhan.hub.HubCache;
import burhan.hub.HubName;
import burhan.hub.HubSettings;
import burhan.tensor.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a user calls a model, to the place where it lies. Knows places, not what a model is, and
 * looks at this machine only.
 */
public final class ModelNames {
  /** System property: the folder with models by name; the launcher sets it. */
  public static final String FOLDER_PROPERTY = "burhan.models";

  private static final Pattern NAME = Pattern.compile("\\w[\\w.-]*");
  private static final Pattern LATER_PART = Pattern.compile(".*-(?!00001)\\d{5}-of-\\d{5}\\.gguf");

  private ModelNames() {}

  /**
   * The place of a model: an existing path wins, then the folder of models, then the model in the
   * box, which is unpacked at its first use; a name such as {@code org/repo} or {@code
   * org/repo:Q4_K_M} is looked up in the cache that {@code burhan pull} fills.
   *
   * @return a folder, or the first file of a GGUF
   * @throws BadInputException if there is none of that name, with the names there are
   */
  public static Path path(String pathOrName) {
    return path(pathOrName, System.getenv());
  }

  /**
   * As {@link #path(String)}.
   *
   * @param environment whose {@code HF_HUB_CACHE}, {@code HF_HOME} or {@code XDG_CACHE_HOME} say
   *     where the cache is
   */
  public static Path path(String pathOrName, Map<String, String> environment) {
    if (HubName.isHubName(pathOrName) && !exists(pathOrName)) {
      return pulled(HubName.parse(pathOrName), environment);
    }
    try {
      Path path = Path.of(pathOrName);
      boolean isName = NAME.matcher(pathOrName).matches();
      if (Files.exists(path) || !isName) {
        return inside(path);
      }
    } catch (InvalidPathException e) {
      throw new BadInputException("%s: not a path (%s)".formatted(pathOrName, e.getMessage()), e);
    }
    Path models = models();
    if (models != null && Files.isDirectory(models.resolve(pathOrName))) {
      return models.resolve(pathOrName);
    }
    if (BoxedModel.isThere(pathOrName)) {
      return BoxedModel.folder(pathOrName, BoxedModel.userCache());
    }
    List<String> names = names();
    throw new BadInputException(
        "%s: no such folder and no model of that name; there %s"
            .formatted(
                pathOrName,
                names.isEmpty()
                    ? "is none, give the path of a model folder"
                    : "is " + String.join(", ", names)));
  }

  /** A weight file stands for its folder, and a folder with one GGUF for that file. */
  private static Path inside(Path path) {
    Path folder = path.toAbsolutePath().getParent();
    if (path.toString().endsWith(".safetensors")
        && folder != null
        && Files.isRegularFile(folder.resolve("config.json"))) {
      return folder;
    }
    if (!Files.isDirectory(path) || Files.exists(path.resolve("config.json"))) {
      return path;
    }
    List<Path> files = ggufs(path);
    if (files.size() > 1) {
      throw new BadInputException(
          "%s: holds %d models, %s; name the file of one"
              .formatted(
                  path,
                  files.size(),
                  files.stream()
                      .limit(5)
                      .map(file -> file.getFileName().toString())
                      .collect(Collectors.joining(", "))));
    }
    return files.isEmpty() ? path : files.getFirst();
  }

  /** The GGUF files of a folder, of a split one the first part alone. */
  private static List<Path> ggufs(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".gguf"))
          .filter(file -> !LATER_PART.matcher(file.getFileName().toString()).matches())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new BadInputException(folder + ": cannot be listed (" + e.getMessage() + ")", e);
    }
  }

  private static boolean exists(String path) {
    try {
      return Files.exists(Path.of(path));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private static Path pulled(HubName name, Map<String, String> environment) {
    HubCache cache = new HubCache(HubSettings.cache(environment));
    return cache
        .model(name)
        .orElseThrow(() ->
            new BadInputException(
                "%s: no such path, and no such model in the cache; 'burhan pull %s' fetches it"
                    .formatted(name, name)));
  }

  /** The names of the models that need no pull, sorted. */
  public static List<String> names() {
    TreeSet<String> names = new TreeSet<>();
    if (BoxedModel.isThere(BoxedModel.NAME)) {
      names.add(BoxedModel.NAME);
    }
    Path models = models();
    if (models != null && Files.isDirectory(models)) {
      try (Stream<Path> folders = Files.list(models)) {
        folders
            .filter(folder -> Files.isRegularFile(folder.resolve("config.json")))
            .forEach(folder -> names.add(folder.getFileName().toString()));
      } catch (IOException e) {
        throw new BadInputException(models + ": cannot be listed (" + e.getMessage() + ")", e);
      }
    }
    return List.copyOf(names);
  }

  private static @Nullable Path models() {
    String folder = System.getProperty(FOLDER_PROPERTY, "");
    return folder.isEmpty() ? null : Path.of(folder);
  }
}
