package burhan.jmh;

import burhan.token.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntSupplier;
import java.util.zip.GZIPInputStream;

/**
 * Measures, decides nothing: CPU seconds to open each tokenizer and megabytes of UTF-8 encoded per
 * CPU second on one thread, best of five after warming up. Texts are given as files; long words are
 * made here.
 *
 * <p>{@code java -cp 'jmh/target/classes:jmh/target/lib/*' burhan.jmh.TokenizerSpeed
 * TOKENIZER.json[.gz]... -- TEXT...}
 */
public final class TokenizerSpeed {
  private static final int ROUNDS = 5;
  private static final int WARM_UP_ROUNDS = 3;

  private TokenizerSpeed() {}

  public static void main(String[] args) throws IOException {
    int split = Arrays.asList(args).indexOf("--");
    for (String file : Arrays.asList(args).subList(0, split < 0 ? args.length : split)) {
      Path path = Path.of(file);
      String json = new String(read(path), StandardCharsets.UTF_8);
      StringBuilder opened = new StringBuilder();
      Tokenizer tokenizer = Tokenizer.parse(json, file);
      for (int i = 0; i < 3; i++) {
        long start = cpuNanos();
        tokenizer = Tokenizer.parse(json, file);
        opened.append(String.format(Locale.ROOT, " %.2f", (cpuNanos() - start) / 1e9));
      }
      System.out.printf("%-60s open s:%s%n", path.getFileName(), opened);
      for (Text text : texts(Arrays.asList(args).subList(split + 1, split < 0 ? 0 : args.length))) {
        Tokenizer encoder = tokenizer;
        double whole = speed(text, () -> encoder.encode(text.whole).length);
        System.out.printf("  %-12s whole %6.1f MB/s", text.name, whole);
        if (text.lines.size() > 1) {
          double lines =
              speed(text, () -> text.lines.stream().mapToInt(l -> encoder.encode(l).length).sum());
          System.out.printf("   by line %6.1f MB/s", lines);
        }
        System.out.println();
      }
    }
  }

  private static byte[] read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return file.toString().endsWith(".gz")
          ? new GZIPInputStream(in).readAllBytes()
          : in.readAllBytes();
    }
  }

  private record Text(String name, String whole, List<String> lines, int bytes) {
    Text(String name, String whole) {
      this(name, whole, whole.lines().toList(), whole.getBytes(StandardCharsets.UTF_8).length);
    }
  }

  private static List<Text> texts(List<String> files) throws IOException {
    List<Text> texts = new ArrayList<>();
    for (String file : files) {
      texts.add(new Text(Path.of(file).getFileName().toString(), Files.readString(Path.of(file))));
    }
    if (!files.isEmpty()) {
      texts.add(new Text("one letter", "a".repeat(1 << 20)));
      texts.add(new Text("latin word", word(1 << 20, 'a', 26)));
      texts.add(new Text("arabic word", word(1 << 19, 'ب', 24)));
      texts.add(new Text("cjk word", word(350_000, '一', 3000)));
      texts.add(new Text("spaces", " ".repeat(1 << 20)));
    }
    return texts;
  }

  private static String word(int chars, char first, int letters) {
    StringBuilder word = new StringBuilder(chars);
    int state = 1;
    for (int i = 0; i < chars; i++) {
      state = state * 1_103_515_245 + 12_345;
      word.append((char) (first + (state >>> 8) % letters));
    }
    return word.toString();
  }

  private static double speed(Text text, IntSupplier work) {
    long best = Long.MAX_VALUE;
    long sum = 0;
    for (int round = 0; round < ROUNDS + WARM_UP_ROUNDS; round++) {
      long start = cpuNanos();
      sum += work.getAsInt();
      long nanos = cpuNanos() - start;
      best = round >= WARM_UP_ROUNDS ? Math.min(best, nanos) : best;
    }
    if (sum == 0) {
      throw new IllegalStateException(text.name + " gave no tokens");
    }
    return text.bytes * 1e3 / best;
  }

  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
