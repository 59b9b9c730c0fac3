package burhan.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the card of a model folder, its {@code README.md}, says to people. A card that cannot be
 * read says nothing; that is no error.
 */
public final class ModelCard {
  private static final int LARGEST = 1 << 20;
  private static final Pattern FRONT_MATTER =
      Pattern.compile("\\A---\\R(.*?)\\R---\\R", Pattern.DOTALL);
  private static final Pattern LICENSE = Pattern.compile("(?m)^license:[ \\t]*[\"']?([\\w.+-]+)");
  private static final Pattern PARAGRAPHS = Pattern.compile("\\R\\s*\\R");

  private ModelCard() {}

  /** The licence that the front matter names, or empty. */
  static String license(Path folder) {
    Matcher front = FRONT_MATTER.matcher(text(folder));
    if (!front.find()) {
      return "";
    }
    Matcher license = LICENSE.matcher(front.group(1));
    return license.find() ? license.group(1) : "";
  }

  /** The first paragraph, behind the front matter and the headings; empty if there is none. */
  public static String lead(Path folder) {
    String body = FRONT_MATTER.matcher(text(folder)).replaceFirst("");
    for (String paragraph : PARAGRAPHS.split(body, -1)) {
      String stripped = paragraph.strip();
      if (!stripped.isEmpty() && !stripped.startsWith("#")) {
        return stripped;
      }
    }
    return "";
  }

  private static String text(Path folder) {
    Path card = folder.resolve("README.md");
    if (!Files.isRegularFile(card)) {
      return "";
    }
    try (InputStream in = Files.newInputStream(card)) {
      return new String(in.readNBytes(LARGEST), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }
}
