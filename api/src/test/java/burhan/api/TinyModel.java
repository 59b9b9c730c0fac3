package burhan.api;

import burhan.bench.RandomModel;
import burhan.model.DeepSeekConfig;
import burhan.tensor.DType;
import java.io.IOException;
import java.nio.file.Path;

/** A model folder with random weights that opens in milliseconds. */
final class TinyModel {
  private TinyModel() {}

  static Path write(Path folder) throws IOException {
    DeepSeekConfig config =
        new DeepSeekConfig(
            "deepseek_v3",
            300,
            32,
            48,
            16,
            2,
            0,
            2,
            1,
            4,
            2,
            1,
            1,
            "noaux_tc",
            "sigmoid",
            true,
            1,
            1,
            0,
            16,
            8,
            8,
            8,
            256,
            10_000,
            null,
            1e-6,
            false,
            256,
            257);
    RandomModel.write(folder, config, DType.F32, 1);
    return folder;
  }
}
