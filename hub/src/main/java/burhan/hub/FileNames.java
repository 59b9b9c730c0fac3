package burhan.hub;

import burhan.tensor.BadInputException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Whether names that a server sent may become files. Two classes of wrong: names that reach for
 * another place condemn the whole repository; names that only some systems cannot store condemn
 * themselves.
 */
final class FileNames {
  private static final int MOST_BYTES = 1000;
  private static final int MOST_SEGMENT_BYTES = 255;
  private static final Pattern RESERVED =
      Pattern.compile("(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9]|conin\\$|conout\\$)([. ].*)?");
  private static final Pattern UNSTORABLE = Pattern.compile("[<>:\"|?*]");

  private FileNames() {}

  /**
   * Refuses a name that could lie anywhere but below its folder.
   *
   * @param where the repository
   * @throws BadInputException naming both
   */
  static void check(String where, String name) {
    if (name.isEmpty() || name.startsWith("/") || name.endsWith("/")) {
      throw hostile(where, name, "is not a path below the repository");
    }
    if (name.indexOf('\\') >= 0 || name.chars().anyMatch(FileNames::isInvisible)) {
      throw hostile(where, name, "has a backslash or a character that cannot be seen");
    }
    if (name.matches("[A-Za-z]:.*")) {
      throw hostile(where, name, "begins with a drive");
    }
    if (name.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
      throw hostile(where, name.substring(0, 60) + "...", "is longer than 1000 bytes");
    }
    for (String segment : name.split("/", -1)) {
      if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
        throw hostile(where, name, "leaves the repository");
      }
      if (segment.getBytes(StandardCharsets.UTF_8).length > MOST_SEGMENT_BYTES) {
        throw hostile(where, name, "has a part of more than 255 bytes");
      }
    }
  }

  /** As {@link #check}, and two files may not need the same place: {@code a} and {@code a/b}. */
  static void checkAll(String where, Collection<String> names) {
    Set<String> folders = new HashSet<>();
    for (String name : names) {
      check(where, name);
      for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
        folders.add(name.substring(0, slash));
      }
    }
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (folders.contains(name)) {
        throw hostile(where, name, "is a file and a folder at once");
      }
      if (!seen.add(name)) {
        throw hostile(where, name, "is listed twice");
      }
    }
  }

  /** Refuses names that not every system can store; only for files that are to be stored. */
  static void checkStorable(String where, Collection<String> names) {
    Map<String, String> folded = new HashMap<>();
    for (String name : names) {
      for (String segment : name.split("/", -1)) {
        if (RESERVED.matcher(segment).matches()
            || UNSTORABLE.matcher(segment).find()
            || segment.endsWith(".")
            || segment.endsWith(" ")) {
          throw hostile(where, name, "cannot be stored on every system");
        }
      }
      String other = folded.put(name.toLowerCase(Locale.ROOT), name);
      if (other != null) {
        throw hostile(where, name, "differs from '" + printable(other) + "' only in case");
      }
    }
  }

  /** The text with what a terminal would obey made visible. */
  static String printable(String text) {
    StringBuilder seen = new StringBuilder();
    text.chars().limit(200).forEach(c -> seen.append(isInvisible(c) ? '\ufffd' : (char) c));
    return seen.toString();
  }

  // Format characters reverse or hide parts of a name; half a surrogate pair is no character.
  private static boolean isInvisible(int c) {
    int type = Character.getType(c);
    return Character.isISOControl(c)
        || type == Character.FORMAT
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR;
  }

  private static BadInputException hostile(String where, String name, String what) {
    return new BadInputException(
        "%s: the file name '%s' %s; nothing of this is fetched"
            .formatted(where, printable(name), what));
  }
}
