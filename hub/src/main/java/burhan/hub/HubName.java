package burhan.hub;

import burhan.tensor.BadInputException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a user calls a model of a hub: {@code org/repo[:choice][@revision]}. Knows the form of the
 * name, not whether there is such a model.
 *
 * @param repo owner and name, {@code org/repo}
 * @param choice a quantisation such as {@code Q4_K_M}, or a file; null for what suits best
 * @param revision branch, tag or commit; null for the branch {@code main}
 */
public record HubName(String repo, @Nullable String choice, @Nullable String revision) {
  static final String MAIN = "main";

  private static final String PART = "\\w[\\w.-]{0,95}";
  private static final Pattern FORM =
      Pattern.compile("(" + PART + "/" + PART + ")(?::([^:@]{1,500}))?(?:@([^:@]{1,200}))?");
  private static final Pattern REVISION = Pattern.compile("[\\w.-]+(/[\\w.-]+)*");
  private static final Pattern SITE =
      Pattern.compile("(https?://)?(www\\.)?(huggingface\\.co|hf\\.co)/");

  public HubName {
    if (!FORM.matcher(repo).matches() || isAmbiguous(repo)) {
      throw new BadInputException("'%s': not a repository, expected org/repo".formatted(repo));
    }
    if (choice != null) {
      FileNames.check(repo, choice);
    }
    if (revision != null && (!REVISION.matcher(revision).matches() || revision.contains(".."))) {
      throw new BadInputException(
          "'%s': '%s' is not a revision, expected a branch, a tag or a commit"
              .formatted(repo, revision));
    }
  }

  // The cache writes org/repo as org--repo; a name with two hyphens could be read as another.
  private static boolean isAmbiguous(String repo) {
    return repo.contains("..") || repo.contains("--");
  }

  /** Whether this could name a model of a hub; a path with one slash could, too. */
  public static boolean isHubName(String text) {
    Matcher matcher = FORM.matcher(bare(text));
    return matcher.matches() && !isAmbiguous(matcher.group(1));
  }

  /**
   * Reads a name, or the address of a repository at Hugging Face.
   *
   * @throws BadInputException if it does not have the form
   */
  public static HubName parse(String text) {
    Matcher matcher = FORM.matcher(bare(text));
    if (!matcher.matches()) {
      throw new BadInputException(
          "'%s': not the name of a model on a hub, expected org/repo, org/repo:Q4_K_M or org/repo:file.gguf, and @revision behind it"
              .formatted(FileNames.printable(text)));
    }
    return new HubName(matcher.group(1), matcher.group(2), matcher.group(3));
  }

  private static String bare(String text) {
    Matcher site = SITE.matcher(text);
    String rest = site.lookingAt() ? text.substring(site.end()) : text;
    return rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest;
  }

  /** The revision as servers are asked for it. */
  String wanted() {
    return revision == null ? MAIN : revision;
  }

  @Override
  public String toString() {
    return repo + (choice == null ? "" : ":" + choice) + (revision == null ? "" : "@" + revision);
  }
}
