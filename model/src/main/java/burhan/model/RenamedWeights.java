package burhan.model;

import burhan.checkpoint.TensorInfo;
import burhan.checkpoint.Weights;
import burhan.tensor.Tensor;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Weights under the names that the layers ask for, whatever the file calls them.
 *
 * @param file with its own names
 * @param naming the one table of an architecture's renaming
 */
record RenamedWeights(Weights file, Naming naming) implements Weights {
  /** From a layer's name to the file's tensor, or to a part of one. */
  @FunctionalInterface
  interface Naming {
    @Nullable Tensor find(Weights file, String name);

    /** What the file calls it, for errors. */
    default String inFile(String name) {
      return name;
    }
  }

  @Override
  public String where() {
    return file.where();
  }

  @Override
  public Collection<String> names() {
    return file.names();
  }

  @Override
  public Collection<TensorInfo> infos() {
    return file.infos();
  }

  @Override
  public boolean hasData() {
    return file.hasData();
  }

  @Override
  public @Nullable Tensor find(String name) {
    return naming.find(file, name);
  }

  @Override
  public Tensor get(String name) {
    Tensor tensor = find(name);
    return tensor == null ? file.get(naming.inFile(name)) : tensor;
  }

  @Override
  public void close() {
    file.close();
  }
}
