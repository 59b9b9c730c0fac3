package burhan.api;

import burhan.engine.Answer;

/** The whole of it: open a model, ask, read what it thought and what it answers. */
final class Example {
  public static void main(String[] args) {
    try (Model model = Model.open(args.length > 0 ? args[0] : "burhan-nano")) {
      Answer answer = model.chat("What is 17 + 25?");
      System.out.println(answer.thinking());
      System.out.println(answer.text());
    }
  }
}
