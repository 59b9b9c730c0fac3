package burhan.checkpoint;

import burhan.tensor.BadInputException;
import burhan.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A model as Hugging Face lays it out: {@code config.json} beside one safetensors file, or beside
 * shards with {@code model.safetensors.index.json}. Knows files and tensors, no architecture.
 */
public final class ModelFolder implements Weights {
  private final Path folder;
  private final Json config;
  private final List<Safetensors> files;
  private final Map<String, Tensor> tensors;

  private ModelFolder(
      Path folder, Json config, List<Safetensors> files, Map<String, Tensor> tensors) {
    this.folder = folder;
    this.config = config;
    this.files = files;
    this.tensors = tensors;
  }

  /**
   * @throws BadInputException if the folder, its config or a weight file is missing or damaged
   */
  public static ModelFolder open(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new BadInputException(
          "%s: %s; a model is a folder with config.json and model.safetensors"
              .formatted(folder, Files.exists(folder) ? "not a folder" : "no such file or folder"));
    }
    Path configFile = folder.resolve("config.json");
    if (!Files.isRegularFile(configFile)) {
      throw new BadInputException(
          "%s: no config.json in this folder; a model is a folder with config.json and model.safetensors"
              .formatted(folder));
    }
    Json config = Json.read(configFile);
    List<Safetensors> files = new ArrayList<>();
    try {
      return new ModelFolder(folder, config, files, openFiles(folder, files));
    } catch (BadInputException e) {
      files.forEach(Safetensors::close);
      throw e;
    }
  }

  private static Map<String, Tensor> openFiles(Path folder, List<Safetensors> opened) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Path index = folder.resolve("model.safetensors.index.json");
    if (!Files.isRegularFile(index)) {
      Safetensors only = Safetensors.open(folder.resolve("model.safetensors"));
      opened.add(only);
      only.names().forEach(name -> tensors.put(name, only.get(name)));
      return tensors;
    }
    Json map = Json.read(index).object("weight_map");
    Map<String, Safetensors> shards = new LinkedHashMap<>();
    for (String name : map.names()) {
      String shard = map.text(name);
      if (!shard.matches("[\\w.-]+\\.safetensors")) {
        throw new BadInputException(
            "%s: tensor '%s' lies in '%s', which is not a file of this folder"
                .formatted(index, name, shard));
      }
      Safetensors file = shards.get(shard);
      if (file == null) {
        file = Safetensors.open(folder.resolve(shard));
        opened.add(file);
        shards.put(shard, file);
      }
      tensors.put(name, file.get(name));
    }
    return tensors;
  }

  public Path folder() {
    return folder;
  }

  /** The content of {@code config.json}. */
  public Json config() {
    return config;
  }

  @Override
  public String where() {
    return folder.toString();
  }

  @Override
  public Collection<String> names() {
    return Collections.unmodifiableCollection(tensors.keySet());
  }

  @Override
  public @Nullable Tensor find(String name) {
    return tensors.get(name);
  }

  /** Bytes of all weights. */
  public long byteSize() {
    return tensors.values().stream().mapToLong(Tensor::byteSize).sum();
  }

  @Override
  public void close() {
    files.forEach(Safetensors::close);
  }
}
