package burhan.cli;

import burhan.api.ChatRequest;
import burhan.api.Model;
import burhan.checkpoint.Json;
import burhan.engine.Answer;
import burhan.engine.Answer.FinishReason;
import burhan.engine.AnswerListener;
import burhan.engine.Cancellation;
import burhan.engine.Sampling;
import burhan.engine.Speculation;
import burhan.tensor.BadInputException;
import burhan.token.Message;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A conversation: every answer knows the turns before it. */
@Command(
    name = "chat",
    description = "A conversation in the terminal, or line by line from a pipe.")
final class ChatCommand implements Callable<Integer> {
  private static final String HELP =
      """
      /think on|off   show or hide the thinking
      /reset          forget the conversation
      /help           these lines
      /exit           leave, as Ctrl-D does; Ctrl-C stops an answer\
      """;

  private final Console console;
  private final List<Message> messages = new ArrayList<>();

  @Mixin private final ModelOptions model = new ModelOptions();
  @Mixin private final SamplingOptions sampling = new SamplingOptions();
  @Mixin private final SpeculationOptions speculation = new SpeculationOptions();

  @Option(
      names = "--system",
      paramLabel = "TEXT",
      description = "A system prompt before the conversation.")
  private @Nullable String system;

  @Option(names = "--no-think", description = "Do not show the thinking.")
  private boolean hidesThinking;

  @Option(names = "--json", description = "Print every answer as a line of JSON.")
  private boolean json;

  ChatCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    sampling.check();
    Speculation guessing = speculation.speculation();
    reset();
    try (Model opened = model.open(console, guessing);
        Lines lines = Lines.open(console)) {
      Sampling chosen = sampling.sampling(opened);
      if (console.outIsTerminal()) {
        console.println(console.dim(model.model() + " listens; /help lists the commands"));
      }
      String line = lines.next();
      while (line != null && !line.equals("/exit")) {
        turn(opened, chosen, lines, line);
        line = lines.next();
      }
    }
    return Burhan.DONE;
  }

  private void turn(Model opened, Sampling chosen, Lines lines, String line) {
    if (line.isEmpty()) {
      return;
    }
    if (line.startsWith("/")) {
      console.println(command(line));
      return;
    }
    messages.add(Message.user(line));
    try {
      answer(opened, chosen, lines, line);
    } catch (BadInputException e) { // this turn failed, the conversation goes on without it
      messages.removeLast();
      console.error("burhan: " + e.getMessage() + "; /reset forgets the conversation");
    }
  }

  private void answer(Model opened, Sampling chosen, Lines lines, String question) {
    Cancellation cancellation = new Cancellation();
    AnswerPrinter printer = new AnswerPrinter(console, !hidesThinking);
    ChatRequest request =
        ChatRequest.of(messages)
            .withMaxTokens(sampling.maxTokens())
            .withSampling(chosen)
            .withThinking(sampling.thinking());
    Answer answer =
        lines.whileAnswering(
            cancellation::cancel,
            () -> opened.stream(request, json ? AnswerListener.NONE : printer, cancellation));
    if (json) {
      console.println(Json.mapper().writeValueAsString(AskCommand.json(question, answer)));
    } else {
      printer.stamp(question, answer);
    }
    if (answer.finishReason() == FinishReason.CANCELLED) {
      messages.removeLast(); // half an answer would mislead the next one
    } else {
      messages.add(Message.assistant(answer.text()));
    }
  }

  private String command(String line) {
    switch (line) {
      case "/think on" -> hidesThinking = false;
      case "/think off" -> hidesThinking = true;
      case "/reset" -> {
        reset();
        return "The conversation is forgotten.";
      }
      case "/help" -> {
        return HELP;
      }
      default -> {
        return "'" + line + "' is no command; /help lists them";
      }
    }
    return "The thinking is " + (hidesThinking ? "hidden." : "shown.");
  }

  private void reset() {
    messages.clear();
    if (system != null) {
      messages.add(Message.system(system));
    }
  }
}
