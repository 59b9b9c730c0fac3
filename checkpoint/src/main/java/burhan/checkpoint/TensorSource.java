package burhan.checkpoint;

import burhan.tensor.Elements;
import burhan.tensor.Tensor;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Tensors to be written into another file, under the names they shall have there. Safe for several
 * readers at a time.
 */
public interface TensorSource {
  /** How errors call it. */
  String where();

  /** All tensors, with the types and shapes they have before anything is quantised. */
  Collection<TensorInfo> infos();

  /**
   * The tensor as it is stored, if it is stored in one piece; null if it has to be put together.
   */
  @Nullable Tensor stored(String name);

  /**
   * Reads part of a tensor as floats.
   *
   * @param first a multiple of 256
   * @param count a multiple of 256, or what is left
   */
  void read(String name, long first, int count, float[] out, int at);

  /** The tensors of a file, as they are. */
  static TensorSource of(Weights weights) {
    return new TensorSource() {
      @Override
      public String where() {
        return weights.where();
      }

      @Override
      public Collection<TensorInfo> infos() {
        return weights.infos();
      }

      @Override
      public Tensor stored(String name) {
        return weights.get(name);
      }

      @Override
      public void read(String name, long first, int count, float[] out, int at) {
        Tensor tensor = weights.get(name);
        Elements.decode(tensor.type(), tensor.data(), first, out, at, count);
      }
    };
  }
}
