package burhan.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import burhan.api.Model;
import burhan.api.OpenOptions;
import burhan.checkpoint.Json;
import burhan.kernel.KernelChoice;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The model in the box behind a real socket, asked as clients ask. */
class ChatCompletionsTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final String QUESTION =
      "\"messages\":[{\"role\":\"user\",\"content\":\"17+25\"}],\"temperature\":0";
  private static Model model;
  private static BurhanServer server;

  @BeforeAll
  static void start() {
    model = Model.open("burhan-nano", OpenOptions.DEFAULT.withKernels(KernelChoice.SCALAR));
    server = BurhanServer.start(model, "burhan-nano", ServerOptions.DEFAULT.withPort(0));
  }

  @AfterAll
  static void stop() {
    server.close();
    model.close();
  }

  private static HttpResponse<String> post(String path, String body) {
    return send(
        HttpRequest.newBuilder(URI.create(server.uri() + path))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  private static HttpResponse<String> send(HttpRequest request) {
    try {
      return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static JsonNode json(String text) {
    return Json.parse("response", text).node();
  }

  @Test
  void anAnswerComesWhole() {
    HttpResponse<String> response = post("/v1/chat/completions", "{" + QUESTION + "}");
    assertEquals(200, response.statusCode(), response.body());
    JsonNode body = json(response.body());
    assertEquals("chat.completion", body.get("object").stringValue());
    assertEquals("burhan-nano", body.get("model").stringValue());
    JsonNode choice = body.get("choices").get(0);
    assertEquals("stop", choice.get("finish_reason").stringValue());
    assertEquals("42", choice.get("message").get("content").stringValue());
    assertFalse(choice.get("message").get("reasoning_content").stringValue().isEmpty());
    JsonNode usage = body.get("usage");
    assertEquals(
        usage.get("total_tokens").intValue(),
        usage.get("prompt_tokens").intValue() + usage.get("completion_tokens").intValue());
    assertTrue(usage.get("completion_tokens_details").get("reasoning_tokens").intValue() > 0);
  }

  @Test
  void aStreamSaysTheSameInPieces() {
    JsonNode whole =
        json(post("/chat/completions", "{" + QUESTION + "}").body())
            .get("choices")
            .get(0)
            .get("message");
    HttpResponse<String> response =
        post(
            "/v1/chat/completions",
            "{\"stream\":true,\"stream_options\":{\"include_usage\":true}," + QUESTION + "}");
    assertEquals(
        "text/event-stream; charset=utf-8",
        response.headers().firstValue("content-type").orElse(""));
    List<JsonNode> events = new ArrayList<>();
    List<String> lines = response.body().lines().filter(line -> !line.isEmpty()).toList();
    assertEquals("data: [DONE]", lines.getLast());
    for (String line : lines.subList(0, lines.size() - 1)) {
      assertTrue(line.startsWith("data: "), line);
      events.add(json(line.substring(6)));
    }
    StringBuilder thinking = new StringBuilder();
    StringBuilder text = new StringBuilder();
    for (JsonNode event : events.subList(0, events.size() - 1)) {
      JsonNode delta = event.get("choices").get(0).get("delta");
      thinking.append(delta.path("reasoning_content").stringValue(""));
      text.append(delta.path("content").stringValue(""));
    }
    assertEquals(whole.get("reasoning_content").stringValue(), thinking.toString().strip());
    assertEquals(whole.get("content").stringValue(), text.toString().strip());
    assertTrue(events.size() > 5, "in pieces");
    assertEquals(
        "stop",
        events.get(events.size() - 2).get("choices").get(0).get("finish_reason").stringValue());
    assertTrue(events.getLast().get("usage").get("completion_tokens").intValue() > 0);
    assertEquals(0, events.getLast().get("choices").size());
  }

  static Stream<Arguments> wrongBodies() {
    String user = "\"messages\":[{\"role\":\"user\",\"content\":\"1\"}]}";
    return Stream.of(
        Arguments.of("{", "not valid JSON"),
        Arguments.of("[]", "expected a JSON object"),
        Arguments.of("{}", "'messages' is not a list"),
        Arguments.of("{\"messages\":[]}", "'messages' is not a list"),
        Arguments.of("{\"messages\":[{\"role\":\"cat\"}]}", "messages[0]: 'role' is cat"),
        Arguments.of(
            "{\"messages\":[{\"role\":\"user\",\"content\":7}]}", "messages[0]: 'content' is 7"),
        Arguments.of("{\"temperature\":\"hot\"," + user, "'temperature' is \"hot\""),
        Arguments.of("{\"temperature\":-1," + user, "temperature is -1.0"),
        Arguments.of("{\"max_tokens\":0," + user, "'max_tokens' is 0"),
        Arguments.of("{\"n\":2," + user, "'n' is 2"),
        Arguments.of("{\"a\":".repeat(2000), "not valid JSON"));
  }

  @ParameterizedTest
  @MethodSource("wrongBodies")
  void aWrongBodyIsOneSentence(String body, String problem) {
    HttpResponse<String> response = post("/v1/chat/completions", body);
    assertEquals(400, response.statusCode(), response.body());
    JsonNode error = json(response.body()).get("error");
    assertTrue(error.get("message").stringValue().contains(problem), response.body());
    assertEquals("invalid_request_error", error.get("type").stringValue());
  }

  @Test
  void modelsAreListed() {
    HttpResponse<String> response =
        send(HttpRequest.newBuilder(URI.create(server.uri() + "/v1/models")).build());
    assertEquals("burhan-nano", json(response.body()).get("data").get(0).get("id").stringValue());
  }

  @Test
  void whatIsNotThereIsSaid() {
    assertEquals(404, post("/v2/chat/completions", "{}").statusCode());
    HttpResponse<String> response =
        send(HttpRequest.newBuilder(URI.create(server.uri() + "/v1/chat/completions")).build());
    assertEquals(405, response.statusCode());
    assertEquals("POST", response.headers().firstValue("allow").orElse(""));
  }
}
