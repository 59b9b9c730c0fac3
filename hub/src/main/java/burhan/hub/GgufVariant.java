package burhan.hub;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One model of a GGUF repository: a file, or the parts of a split one. Knows the ecosystem's habits
 * of naming, not what is in the files.
 *
 * @param stem path without the numbers of the parts and without {@code .gguf}
 * @param quantisation as the name says, such as {@code Q4_K_M}; empty if it says nothing
 * @param files in the order of the parts
 * @param parts how many files there must be
 */
record GgufVariant(String stem, String quantisation, List<RepoFile> files, int parts) {
  private static final String GGUF = ".gguf";
  private static final Pattern SPLIT = Pattern.compile("(.*)-(\\d{5})-of-(\\d{5})");
  private static final Pattern QUANTISATION =
      Pattern.compile(
          "(?i)(?<=^|[-._/])(UD-)?(I?Q\\d(_(\\d|K|XXS|XS|S|M|L|XL|NL))*|TQ\\d_\\d|MXFP4(_MOE)?|BF16|FP?16|FP?32)(?=$|[-._/])");
  // Beside models, such repositories hold projectors for pictures and tables for quantising.
  private static final Pattern NO_MODEL = Pattern.compile("(?i)(.*/)?(mmproj|imatrix)[^/]*");

  /** The models among these files, in the order of their names. */
  static List<GgufVariant> of(Collection<RepoFile> files) {
    Map<String, List<RepoFile>> byStem = new TreeMap<>();
    for (RepoFile file : files) {
      if (!file.endsWith(GGUF) || NO_MODEL.matcher(file.name()).matches()) {
        continue;
      }
      String stem = stem(file.name());
      Matcher split = SPLIT.matcher(stem);
      // The count stays in the key: the same model may lie there split in two ways.
      String key = split.matches() ? split.group(1) + "\0" + split.group(3) : stem + "\0" + 1;
      byStem.computeIfAbsent(key, k -> new ArrayList<>()).add(file);
    }
    List<GgufVariant> variants = new ArrayList<>();
    byStem.forEach((key, members) -> {
      members.sort(Comparator.comparing(RepoFile::name));
      int end = key.indexOf('\0');
      String stem = key.substring(0, end);
      int parts = Integer.parseInt(key.substring(end + 1));
      variants.add(new GgufVariant(stem, quantisation(stem), List.copyOf(members), parts));
    });
    return variants;
  }

  private static String stem(String name) {
    return name.substring(0, name.length() - GGUF.length());
  }

  private static String quantisation(String stem) {
    Matcher matcher = QUANTISATION.matcher(stem);
    String last = "";
    while (matcher.find()) {
      last = matcher.group();
    }
    return last.toUpperCase(Locale.ROOT);
  }

  /** Whether no part is missing. */
  boolean isWhole() {
    return files.size() == parts;
  }

  boolean has(String file) {
    return files.stream().anyMatch(part -> part.name().equals(file));
  }

  /** Bytes of all parts, as far as they are known. */
  long bytes() {
    return files.stream().mapToLong(file -> Math.max(0, file.bytes())).sum();
  }

  /** What opens it: the first part. */
  RepoFile first() {
    return files.getFirst();
  }

  /** What to write behind the colon to mean this one. */
  String choice() {
    return quantisation.isEmpty() ? first().name() : quantisation;
  }

  /** Whether the weights are wider than eight bits. */
  boolean isUnquantised() {
    return quantisation.endsWith("16") || quantisation.endsWith("32");
  }
}
