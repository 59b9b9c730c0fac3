package burhan.cli;

import burhan.api.ChatRequest;
import burhan.api.Model;
import burhan.checkpoint.Json;
import burhan.engine.Answer;
import burhan.engine.AnswerListener;
import burhan.engine.Cancellation;
import burhan.engine.Speculation;
import burhan.task.Verdict;
import burhan.task.Verifier;
import burhan.token.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** One question, one answer. */
@Command(
    name = "ask",
    description =
        "Answers a question: on a terminal the thinking, the answer, and the stamp of an"
            + " independent check; in a pipe the answer alone.")
final class AskCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private final ModelOptions model = new ModelOptions();
  @Mixin private final SamplingOptions sampling = new SamplingOptions();
  @Mixin private final SpeculationOptions speculation = new SpeculationOptions();
  @Mixin private final Prompt prompt = new Prompt();

  @Option(
      names = "--system",
      paramLabel = "TEXT",
      description = "A system prompt before the question.")
  private @Nullable String system;

  @Option(names = "--no-think", description = "Do not show the thinking.")
  private boolean hidesThinking;

  @Option(names = "--json", description = "Print thinking, answer, usage and timings as JSON.")
  private boolean json;

  AskCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    sampling.check();
    Speculation guessing = speculation.speculation();
    String question = prompt.text(console).strip();
    if (question.isEmpty()) {
      throw new UsageException("the question is empty; write one");
    }
    List<Message> messages = new ArrayList<>();
    if (system != null) {
      messages.add(Message.system(system));
    }
    messages.add(Message.user(question));
    try (Model opened = model.open(console, guessing)) {
      ChatRequest request =
          ChatRequest.of(messages)
              .withMaxTokens(sampling.maxTokens())
              .withThinking(sampling.thinking())
              .withSampling(sampling.sampling(opened));
      if (json) {
        Answer answer = opened.stream(request, AnswerListener.NONE, new Cancellation());
        console.println(Json.mapper().writeValueAsString(json(question, answer)));
      } else {
        AnswerPrinter printer = new AnswerPrinter(console, !hidesThinking);
        Thread tidy = new Thread(printer::endThinking);
        Runtime.getRuntime().addShutdownHook(tidy);
        printer.stamp(question, opened.stream(request, printer, new Cancellation()));
        Runtime.getRuntime().removeShutdownHook(tidy);
      }
    }
    return Burhan.DONE;
  }

  static ObjectNode json(String question, Answer answer) {
    ObjectNode node = Json.mapper().createObjectNode();
    node.put("reasoning_content", answer.thinking());
    node.put("content", answer.text());
    node.put("finish_reason", answer.finishReason().label());
    node.putObject("usage")
        .put("prompt_tokens", answer.usage().promptTokens())
        .put("completion_tokens", answer.usage().completionTokens())
        .put("reasoning_tokens", answer.usage().reasoningTokens())
        .put("draft_tokens", answer.usage().draftTokens())
        .put("accepted_tokens", answer.usage().acceptedTokens());
    node.putObject("timings")
        .put("prefill_tokens_per_second", answer.timings().prefillTokensPerSecond())
        .put("decode_tokens_per_second", answer.timings().decodeTokensPerSecond())
        .put("first_token_millis", answer.timings().firstTokenMillis())
        .put("acceptance_rate", answer.usage().acceptanceRate());
    Optional<Verdict> verdict = Verifier.check(question, answer.text());
    if (verdict.isPresent()) {
      node.putObject("verdict")
          .put("holds", verdict.get().holds())
          .put("statement", verdict.get().statement());
    } else {
      node.putNull("verdict");
    }
    return node;
  }
}
