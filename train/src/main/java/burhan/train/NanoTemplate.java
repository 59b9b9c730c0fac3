package burhan.train;

import burhan.task.Problem;
import burhan.tensor.BadInputException;
import burhan.token.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a conversation looks like to burhan-nano, in the one place where its markers and line feeds
 * are chosen: R1's layout, with the opened {@code <think>} in the generation prompt. A training
 * sample is exactly what the Jinja text renders, followed by the model's own part.
 */
final class NanoTemplate {
  static final String BEGIN = "<｜begin▁of▁sentence｜>";
  static final String END = "<｜end▁of▁sentence｜>";
  static final String PAD = "<｜▁pad▁｜>";
  static final String USER = "<｜User｜>";
  static final String ASSISTANT = "<｜Assistant｜>";
  static final String THINK = "<think>";
  static final String THINK_END = "</think>";

  /** The chat template: thinking of earlier turns is dropped, the next one is opened. */
  static final String JINJA =
      """
      {{- bos_token -}}
      {%- for message in messages -%}
      {%- if message['role'] == 'system' -%}
      {{- message['content'] -}}
      {%- elif message['role'] == 'user' -%}
      {{- '<｜User｜>' + message['content'] -}}
      {%- elif message['role'] == 'assistant' and message['content'] -%}
      {{- '<｜Assistant｜>' + (message['content'].split('</think>') | last | trim) + eos_token -}}
      {%- endif -%}
      {%- endfor -%}
      {%- if add_generation_prompt -%}
      {{- '<｜Assistant｜><think>\\n' -}}
      {%- endif -%}
      """;

  private final Tokenizer tokenizer;
  private final int[] begin;
  private final int[] end;
  private final int[] user;
  private final int[] assistant;
  private final int[] think;
  private final int[] thinkEnd;

  NanoTemplate(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
    begin = marker(BEGIN);
    end = marker(END);
    user = marker(USER);
    assistant = marker(ASSISTANT);
    think = marker(THINK);
    thinkEnd = marker(THINK_END);
  }

  int endToken() {
    return end[0];
  }

  /** A prompt up to the opened thinking. */
  int[] prompt(List<Problem> earlier, Problem question) {
    Builder out = new Builder();
    head(out, earlier, question);
    return out.tokens();
  }

  /**
   * The document of one conversation.
   *
   * @param earlier turns before the last, without their thinking
   * @param wholeText learn everything, not the last thinking and answer alone
   */
  Sample sample(List<Problem> earlier, Problem last, boolean wholeText) {
    Builder out = new Builder();
    head(out, earlier, last);
    int given = out.size;
    out.add(tokenizer.encode(last.thinking())).add(text("\n")).add(thinkEnd).add(text("\n\n"));
    out.add(tokenizer.encode(last.answer())).add(end);
    int[] tokens = out.tokens();
    boolean[] learn = new boolean[tokens.length];
    Arrays.fill(learn, wholeText ? 1 : given, learn.length, true);
    return new Sample(tokens, learn);
  }

  private void head(Builder out, List<Problem> earlier, Problem question) {
    out.add(begin);
    for (Problem turn : earlier) {
      out.add(user).add(tokenizer.encode(turn.prompt()));
      out.add(assistant).add(tokenizer.encode(turn.answer())).add(end);
    }
    out.add(user).add(tokenizer.encode(question.prompt()));
    out.add(assistant).add(think).add(text("\n"));
  }

  private int[] text(String plain) {
    return tokenizer.encode(plain);
  }

  private int[] marker(String name) {
    int id =
        tokenizer
            .id(name)
            .orElseThrow(() ->
                new BadInputException(
                    "tokenizer.json: no token '%s'; use a tokenizer made for burhan-nano"
                        .formatted(name)));
    return new int[] {id};
  }

  private static final class Builder {
    private int[] tokens = new int[256];
    private int size;

    Builder add(int[] more) {
      if (size + more.length > tokens.length) {
        tokens = Arrays.copyOf(tokens, 2 * (size + more.length));
      }
      IntStream.range(0, more.length).forEach(i -> tokens[size + i] = more[i]);
      size += more.length;
      return this;
    }

    int[] tokens() {
      return Arrays.copyOf(tokens, size);
    }
  }
}
