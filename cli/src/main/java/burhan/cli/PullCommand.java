package burhan.cli;

import burhan.bench.Roofline;
import burhan.checkpoint.Json;
import burhan.hub.Catalogue;
import burhan.hub.Hub;
import burhan.hub.HubName;
import burhan.hub.HubSettings;
import burhan.hub.PullPlan;
import burhan.hub.Pulled;
import burhan.hub.RepoFile;
import burhan.kernel.MachineMemory;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Fetches a model from a hub; without a name, says which there are. */
@Command(
    name = "pull",
    description =
        "Fetches a model into the cache that Hugging Face's tools share; a pull that was stopped or"
            + " killed goes on where it was. Without a name: models to begin with that fit here.")
final class PullCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description = "org/repo, org/repo:Q4_K_M or org/repo:file.gguf, and @revision behind it.")
  private @Nullable String name;

  @Option(names = "--dry-run", description = "Only say what would be fetched.")
  private boolean isDry;

  @Option(
      names = "--all",
      description = "Without a name: show what this machine is too small for, too.")
  private boolean all;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  PullCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (name == null) {
      printCatalogue();
      return Burhan.DONE;
    }
    HubName model = HubName.parse(name);
    PullProgress progress = new PullProgress(console, MachineMemory.bytes());
    try (Hub hub = new Hub(HubSettings.of(console.environment()))) {
      if (isDry) {
        print(hub.plan(model, MachineMemory.bytes(), progress));
      } else {
        print(pull(hub, model, progress));
      }
    }
    return Burhan.DONE;
  }

  private void printCatalogue() {
    if (isDry) {
      throw new UsageException("--dry-run needs a model, expected org/repo or org/repo:Q4_K_M");
    }
    int threads = Runtime.getRuntime().availableProcessors();
    CatalogueTable table =
        new CatalogueTable(
            Catalogue.load(), MachineMemory.bytes(), Roofline.readBytesPerSecond(threads));
    if (json) {
      console.println(Json.mapper().writeValueAsString(table.json(all)));
    } else {
      table.print(console, all);
    }
  }

  private static Pulled pull(Hub hub, HubName model, PullProgress progress) {
    Thread tidy = new Thread(progress::end); // Ctrl-C must not leave half a line behind
    Runtime.getRuntime().addShutdownHook(tidy);
    try {
      return hub.pull(model, MachineMemory.bytes(), progress);
    } finally {
      Runtime.getRuntime().removeShutdownHook(tidy);
      progress.end();
    }
  }

  private void print(PullPlan plan) {
    if (json) {
      console.println(Json.mapper().writeValueAsString(json(plan)));
      return;
    }
    for (RepoFile file : plan.files()) {
      console.println("%10s  %s".formatted(ShowCommand.bytes(file.bytes()), file.name()));
    }
    console.println(
        "%10s  in all, %s of it here already, commit %s"
            .formatted(
                ShowCommand.bytes(plan.totalBytes()),
                ShowCommand.bytes(plan.hereBytes()),
                plan.commit()));
  }

  private void print(Pulled pulled) {
    PullPlan plan = pulled.plan();
    if (json) {
      ObjectNode node = json(plan);
      node.put("fetched_bytes", pulled.fetchedBytes());
      node.put("path", pulled.path().toString());
      console.println(Json.mapper().writeValueAsString(node));
      return;
    }
    // The path alone for scripts; what to do next for people.
    console.println(pulled.path().toString());
    if (console.outIsTerminal()) {
      console.error(
          "%s; ask it with: burhan ask -m %s \"...\""
              .formatted(pulled.fetchedBytes() == 0 ? "all of it was here" : "done", plan.name()));
    }
  }

  private static ObjectNode json(PullPlan plan) {
    ObjectNode node = Json.mapper().createObjectNode();
    node.put("name", plan.name().toString());
    node.put("repo", plan.name().repo());
    node.put("commit", plan.commit());
    node.put("licence", plan.license());
    node.put("size_bytes", plan.totalBytes());
    node.put("here_bytes", plan.hereBytes());
    ArrayNode files = node.putArray("files");
    for (RepoFile file : plan.files()) {
      files
          .addObject()
          .put("name", file.name())
          .put("size_bytes", file.bytes())
          .put("etag", file.etag());
    }
    return node;
  }
}
