package burhan.cli;

import burhan.checkpoint.Json;
import burhan.engine.TextFiles;
import burhan.token.Tokenizer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Prints the tokens of a text as the model would see them. */
@Command(
    name = "tokenize",
    description = "The tokens of a text, as JSON: {\"ids\": [..], \"pieces\": [..]}.")
final class TokenizeCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private final ModelOptions model = new ModelOptions();
  @Mixin private final Prompt prompt = new Prompt();

  @Option(
      names = "--special",
      description = "Recognise control tokens in the text, as in a rendered template.")
  private boolean special;

  @Option(names = "--json", description = "JSON, as always here.")
  @SuppressWarnings("UnusedVariable") // every command takes it, this one prints nothing else
  private boolean json;

  TokenizeCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    String text = prompt.text(console);
    Tokenizer tokenizer = TextFiles.tokenizer(model.path());
    int[] ids = special ? tokenizer.encodeWithSpecials(text) : tokenizer.encode(text);
    ObjectNode json = Json.mapper().createObjectNode();
    ArrayNode idList = json.putArray("ids");
    ArrayNode pieces = json.putArray("pieces");
    for (int id : ids) {
      idList.add(id);
      pieces.add(piece(tokenizer.bytes(id)));
    }
    console.println(Json.mapper().writeValueAsString(json));
    return Burhan.DONE;
  }

  /** The token's text; bytes that are only a part of a character as {@code <0xD9>}. */
  static String piece(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return HexFormat.of().withUpperCase().withPrefix("<0x").withSuffix(">").formatHex(bytes);
    }
  }
}
