package burhan.checkpoint;

import burhan.tensor.BadInputException;
import burhan.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A model in one GGUF file, or in files named {@code NAME-00001-of-00003.gguf}, whose first part
 * has the metadata. Any part may be given; the others lie beside it.
 */
public final class GgufFiles implements Weights {
  private static final Pattern PART = Pattern.compile("(.*)-(\\d{5})-of-(\\d{5})\\.gguf");
  private static final int MOST_PARTS = 99_999;

  private final List<Gguf> parts;
  private final Map<String, Gguf> byTensor;

  private GgufFiles(List<Gguf> parts, Map<String, Gguf> byTensor) {
    this.parts = parts;
    this.byTensor = byTensor;
  }

  /**
   * @param file the only file, or any part of several
   * @throws BadInputException if a part is missing, damaged or of another model
   */
  public static GgufFiles open(Path file) {
    List<Gguf> parts = new ArrayList<>();
    try {
      for (Path part : partsOf(file)) {
        parts.add(Gguf.open(part));
      }
      return new GgufFiles(parts, index(file, parts));
    } catch (BadInputException e) {
      parts.forEach(Gguf::close);
      throw e;
    }
  }

  /** The files of a model, first part first. */
  public static List<Path> partsOf(Path file) {
    Path name = file.getFileName();
    Matcher matcher = PART.matcher(name == null ? "" : name.toString());
    int count = matcher.matches() ? Integer.parseInt(matcher.group(3)) : 1;
    if (count <= 1) {
      return List.of(file);
    }
    List<Path> parts = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      Path part = file.resolveSibling("%s-%05d-of-%05d.gguf".formatted(matcher.group(1), i, count));
      if (!Files.isRegularFile(part)) {
        throw new BadInputException(
            "%s: part %d of %d is missing beside the others; download it, too"
                .formatted(part, i, count));
      }
      parts.add(part);
    }
    return parts;
  }

  private static Map<String, Gguf> index(Path file, List<Gguf> parts) {
    GgufMetadata first = parts.getFirst().metadata();
    long count = first.integer("split.count", 0, MOST_PARTS, 1);
    if (Math.max(1, count) != parts.size()) {
      throw first.bad(
          "split.count",
          "is %d, but %d file%s named as parts; keep the names the parts were published with"
              .formatted(count, parts.size(), parts.size() == 1 ? " is" : "s are"));
    }
    Map<String, Gguf> byTensor = new LinkedHashMap<>();
    for (int i = 0; i < parts.size(); i++) {
      Gguf part = parts.get(i);
      if (parts.size() > 1 && part.metadata().integer("split.no", 0, MOST_PARTS) != i) {
        throw part.metadata().bad("split.no", "is not " + i + "; the parts were renamed");
      }
      for (String name : part.names()) {
        if (byTensor.put(name, part) != null) {
          throw new BadInputException(
              "%s: tensor '%s' lies in two parts; they belong to different models"
                  .formatted(part.where(), name));
        }
      }
    }
    long expected = first.integer("split.tensors.count", 0, Integer.MAX_VALUE, byTensor.size());
    if (expected != byTensor.size()) {
      throw new BadInputException(
          "%s: the parts hold %d tensors, but 'split.tensors.count' is %d; a part is of another model"
              .formatted(file, byTensor.size(), expected));
    }
    return byTensor;
  }

  /** The keys and values of the first part. */
  public GgufMetadata metadata() {
    return parts.getFirst().metadata();
  }

  @Override
  public String where() {
    return parts.getFirst().where();
  }

  @Override
  public Collection<String> names() {
    return byTensor.keySet();
  }

  @Override
  public Collection<TensorInfo> infos() {
    return parts.stream().flatMap(part -> part.infos().stream()).toList();
  }

  @Override
  public boolean hasData() {
    return parts.stream().allMatch(Gguf::hasData);
  }

  @Override
  public @Nullable Tensor find(String name) {
    Gguf part = byTensor.get(name);
    return part == null ? null : part.find(name);
  }

  @Override
  public void close() {
    parts.forEach(Gguf::close);
  }
}
