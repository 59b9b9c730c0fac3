package burhan.cli;

import burhan.tensor.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * What an option is when the command line does not say: {@code BURHAN_TOP_P} in the environment,
 * then {@code top-p = 0.9} in {@code config.toml}, then the option's own default. The file is the
 * flat part of TOML: keys with a number, a string or true and false.
 */
final class Settings implements IDefaultValueProvider {
  private final Map<String, String> environment;
  private @Nullable Map<String, String> file;

  Settings(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    if (!(argument instanceof OptionSpec option)
        || !option.longestName().startsWith("--")
        || option.usageHelp()
        || option.versionHelp()) {
      return null;
    }
    String name = option.longestName().substring(2);
    String variable = "BURHAN_" + name.toUpperCase(Locale.ROOT).replace('-', '_');
    String value = environment.get(variable);
    if (value == null || value.isEmpty()) {
      value = file().get(name);
    }
    return value;
  }

  private Map<String, String> file() {
    Map<String, String> known = file;
    if (known == null) {
      known = read(configFile());
      file = known;
    }
    return known;
  }

  private Path configFile() {
    String folder = environment.getOrDefault("XDG_CONFIG_HOME", "");
    Path configs =
        folder.isEmpty()
            ? Path.of(environment.getOrDefault("HOME", ""), ".config")
            : Path.of(folder);
    return configs.resolve("burhan").resolve("config.toml");
  }

  private static Map<String, String> read(Path config) {
    Map<String, String> values = new HashMap<>();
    try {
      int number = 0;
      for (String line : Files.readAllLines(config)) {
        number++;
        String text = line.strip();
        if (!text.isEmpty() && !text.startsWith("#")) {
          put(values, text, config + ": line " + number);
        }
      }
    } catch (NoSuchFileException e) {
      return Map.of();
    } catch (IOException e) {
      throw new BadInputException(config + ": cannot be read (" + e.getMessage() + ")", e);
    }
    return values;
  }

  private static void put(Map<String, String> values, String text, String where) {
    int equals = text.indexOf('=');
    String key = equals < 0 ? "" : text.substring(0, equals).strip();
    String value = equals < 0 ? "" : text.substring(equals + 1).strip();
    boolean quoted = value.startsWith("\"");
    int end = quoted ? value.indexOf('"', 1) : value.indexOf('#');
    String rest = quoted && end > 0 ? value.substring(end + 1).strip() : "#";
    if (!key.matches("[A-Za-z0-9_-]+")
        || value.isEmpty()
        || (quoted && end < 0)
        || !(rest.isEmpty() || rest.startsWith("#"))) {
      throw new BadInputException(
          where + ": '" + text + "' is not understood; expected a line such as temperature = 0.6");
    }
    String bare = end < 0 ? value : value.substring(quoted ? 1 : 0, end).strip();
    values.put(key.replace('_', '-'), bare);
  }
}
