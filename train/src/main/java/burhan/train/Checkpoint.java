package burhan.train;

import burhan.checkpoint.AtomicFile;
import burhan.checkpoint.Json;
import burhan.checkpoint.Safetensors;
import burhan.checkpoint.SafetensorsWriter;
import burhan.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A run's checkpoints: {@code out/checkpoints/step-000123/}, each a model folder with {@code
 * optimizer.safetensors} and {@code state.json} beside the weights. A folder is written under
 * another name, synced, and renamed, so that one with this name is always whole.
 */
final class Checkpoint {
  private static final int KEPT = 2;

  private Checkpoint() {}

  static Path write(TrainConfig config, Parameters parameters, Optimizer optimizer, RunState state)
      throws IOException {
    Path all = config.out().resolve("checkpoints");
    Path folder = all.resolve("step-%08d".formatted(state.step()));
    if (Files.exists(folder)) {
      return folder;
    }
    Path temporary = all.resolve(".writing");
    delete(temporary);
    ModelFiles.save(parameters, config.start(), temporary);
    List<Tensor> moments = new ArrayList<>();
    for (var moment : optimizer.moments().entrySet()) {
      FloatBuffer values = Parameters.bytes(moment.getValue()).asFloatBuffer();
      float[] copy = new float[values.remaining()];
      values.get(copy);
      moments.add(Tensor.of(moment.getKey(), copy, copy.length));
    }
    SafetensorsWriter.write(temporary.resolve("optimizer.safetensors"), moments, Map.of());
    byte[] text = Json.mapper().writeValueAsBytes(state.toJson());
    AtomicFile.write(
        temporary.resolve("state.json"), channel -> channel.write(ByteBuffer.wrap(text)));
    Files.move(temporary, folder, StandardCopyOption.ATOMIC_MOVE);
    sync(all);
    for (Path old : complete(all).reversed().stream().skip(KEPT).toList()) {
      delete(old);
    }
    return folder;
  }

  /** The newest whole checkpoint of a run. */
  static Optional<Path> newest(Path out) throws IOException {
    Path all = out.resolve("checkpoints");
    return Files.isDirectory(all)
        ? complete(all).reversed().stream().findFirst()
        : Optional.empty();
  }

  static RunState read(
      Path folder, TrainConfig config, Parameters parameters, Optimizer optimizer) {
    try (Safetensors weights = Safetensors.open(folder.resolve("model.safetensors"))) {
      ModelFiles.load(parameters, weights);
    }
    try (Safetensors moments = Safetensors.open(folder.resolve("optimizer.safetensors"))) {
      optimizer
          .moments()
          .forEach((name, flat) ->
              Parameters.bytes(flat)
                  .asFloatBuffer()
                  .put(moments.get(name).requireShape(flat.numel()).toFloats()));
    }
    return RunState.parse(Json.read(folder.resolve("state.json")), config);
  }

  private static List<Path> complete(Path all) throws IOException {
    try (Stream<Path> list = Files.list(all)) {
      return list.filter(p -> p.getFileName().toString().startsWith("step-")).sorted().toList();
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> walk = Files.walk(folder)) {
      for (Path p : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(p);
      }
    }
  }

  private static void sync(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // A platform that cannot open folders makes renames durable by itself.
    }
  }
}
