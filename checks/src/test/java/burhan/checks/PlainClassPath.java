package burhan.checks;

import burhan.api.ChatRequest;
import burhan.api.Model;
import burhan.api.OpenOptions;
import burhan.kernel.KernelChoice;
import burhan.tensor.BadInputException;

/** An application on the plain class path, started by {@link PlainClassPathTest}. */
final class PlainClassPath {
  private PlainClassPath() {}

  public static void main(String[] args) {
    for (KernelChoice kernels : KernelChoice.values()) {
      try (Model model = Model.open(args[0], OpenOptions.DEFAULT.withKernels(kernels))) {
        model.chat(ChatRequest.of("17+25?").withMaxTokens(3));
        System.out.println(kernels + " runs on " + model.kernelNames());
      } catch (BadInputException e) {
        System.out.println(kernels + " refuses: " + e.getMessage());
      }
    }
  }
}
