package burhan.api;

import burhan.tensor.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a user calls a model, to the folder it lies in. Knows places, not what a model is. */
public final class ModelNames {
  /** System property: the folder with models by name; the launcher sets it. */
  public static final String FOLDER_PROPERTY = "burhan.models";

  private static final Pattern NAME = Pattern.compile("\\w[\\w.-]*");

  private ModelNames() {}

  /**
   * The folder of a model: an existing path wins, then the folder of models, then the model in the
   * box, which is unpacked at its first use.
   *
   * @throws BadInputException if there is none of that name, with the names there are
   */
  public static Path folder(String pathOrName) {
    try {
      Path path = Path.of(pathOrName);
      boolean isName = NAME.matcher(pathOrName).matches();
      if (Files.exists(path) || !isName) {
        return path;
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

  /** The names of all models that can be opened by name, sorted. */
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
