package burhan.checkpoint;

import burhan.tensor.BadInputException;
import burhan.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Named tensors, wherever they lie: a file, a folder of shards, memory. */
public interface Weights extends AutoCloseable {
  /** What errors call this source, usually its path. */
  String where();

  /** All names. */
  Collection<String> names();

  /** What the headers say of all tensors. */
  default Collection<TensorInfo> infos() {
    List<TensorInfo> infos = new ArrayList<>();
    for (String name : names()) {
      Tensor tensor = get(name);
      infos.add(new TensorInfo(name, tensor.type(), tensor.shape()));
    }
    return infos;
  }

  /** Whether the numbers are there; false for a copy of the headers alone. */
  default boolean hasData() {
    return true;
  }

  /** The tensor, or null if there is none of that name. */
  @Nullable Tensor find(String name);

  /**
   * The tensor of that name.
   *
   * @throws BadInputException if there is none
   */
  default Tensor get(String name) {
    Tensor tensor = find(name);
    if (tensor == null && !hasData()) {
      throw new BadInputException(
          "%s: holds the header alone, without tensor '%s'; get the whole file to run it"
              .formatted(where(), name));
    }
    if (tensor == null) {
      throw new BadInputException(
          "%s: tensor '%s' is missing; the file is incomplete or of another architecture"
              .formatted(where(), name));
    }
    return tensor;
  }

  /** Releases the memory of every tensor; none may be used afterwards. */
  @Override
  void close();
}
