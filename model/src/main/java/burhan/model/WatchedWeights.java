package burhan.model;

import burhan.checkpoint.TensorInfo;
import burhan.checkpoint.Weights;
import burhan.tensor.Tensor;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Weights that say how many of them have been taken: whoever asks for the next tensor is done with
 * the one before. Knows nothing of what is done with them.
 */
final class WatchedWeights implements Weights {
  private final Weights weights;
  private final LoadListener listener;
  private final long allBytes;
  private final Set<String> taken = new HashSet<>();
  private long bytes; // of tensors that are done
  private long nextBytes; // of the last one that was asked for
  private boolean isLoaded;

  WatchedWeights(Weights weights, LoadListener listener) {
    this.weights = weights;
    this.listener = listener;
    this.allBytes = weights.infos().stream().mapToLong(TensorInfo::byteSize).sum();
  }

  /** All are taken, those too that nobody needed; nothing is told from now on. */
  void finish() {
    isLoaded = true;
    listener.loaded(allBytes, allBytes);
  }

  private void take(String name, @Nullable Tensor tensor) {
    if (isLoaded || tensor == null || !taken.add(name)) {
      return;
    }
    // Tied names and merged tensors are taken twice.
    bytes = Math.min(allBytes, bytes + nextBytes);
    nextBytes = tensor.byteSize();
    listener.loaded(bytes, allBytes);
  }

  @Override
  public String where() {
    return weights.where();
  }

  @Override
  public Collection<String> names() {
    return weights.names();
  }

  @Override
  public Collection<TensorInfo> infos() {
    return weights.infos();
  }

  @Override
  public boolean hasData() {
    return weights.hasData();
  }

  @Override
  public @Nullable Tensor find(String name) {
    Tensor tensor = weights.find(name);
    take(name, tensor);
    return tensor;
  }

  @Override
  public Tensor get(String name) {
    Tensor tensor = weights.get(name);
    take(name, tensor);
    return tensor;
  }

  @Override
  public void close() {
    weights.close();
  }
}
