package burhan.train;

import burhan.checkpoint.Json;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;

/**
 * Draws {@code metrics.jsonl} as a picture: loss over tokens on a logarithmic scale, the single
 * steps pale, their running mean dark.
 */
final class LossCurve {
  private static final int WIDTH = 1000;
  private static final int HEIGHT = 560;
  private static final int LEFT = 70;
  private static final int BOTTOM = 50;
  private static final int MARGIN = 30;

  private LossCurve() {}

  static void draw(Path metrics, Path picture) throws IOException {
    List<double[]> points = new ArrayList<>(); // tokens, loss
    for (String line : Files.readAllLines(metrics)) {
      Json json = Json.parse(metrics.toString(), line);
      points.add(new double[] {json.number("tokens"), Math.max(1e-4, json.number("loss"))});
    }
    if (points.isEmpty()) {
      return;
    }
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, WIDTH, HEIGHT);
    double most = points.getLast()[0];
    double low = points.stream().mapToDouble(p -> Math.log10(p[1])).min().orElse(-1);
    double high = points.stream().mapToDouble(p -> Math.log10(p[1])).max().orElse(1);
    grid(g, most, Math.floor(low), Math.ceil(high + 1e-9));
    curve(g, points, most, Math.floor(low), Math.ceil(high + 1e-9));
    g.dispose();
    ImageIO.write(image, "png", picture.toFile());
  }

  private static void grid(Graphics2D g, double most, double low, double high) {
    for (int decade = (int) low; decade <= high; decade++) {
      for (int k = 1; k < 10; k++) {
        double at = decade + Math.log10(k);
        if (at > high) {
          break;
        }
        g.setColor(k == 1 ? new Color(0xb0b0b0) : new Color(0xececec));
        g.drawLine(LEFT, y(at, low, high), WIDTH - MARGIN, y(at, low, high));
      }
      g.setColor(Color.DARK_GRAY);
      g.drawString("%.3g".formatted(Math.pow(10, decade)), 18, y(decade, low, high) + 5);
    }
    for (int i = 0; i <= 5; i++) {
      int x = LEFT + (WIDTH - LEFT - MARGIN) * i / 5;
      g.drawString("%.1f M".formatted(most * i / 5 / 1e6), x - 15, HEIGHT - BOTTOM + 20);
    }
    g.drawString("tokens", WIDTH / 2, HEIGHT - 10);
    g.drawString("loss, nats per token", LEFT, MARGIN - 10);
  }

  private static void curve(
      Graphics2D g, List<double[]> points, double most, double low, double high) {
    double mean = points.getFirst()[1];
    int lastX = -1;
    int lastY = 0;
    g.setStroke(new BasicStroke(2));
    for (double[] p : points) {
      int x = LEFT + (int) ((WIDTH - LEFT - MARGIN) * p[0] / most);
      g.setColor(new Color(0x9ecae1));
      g.fillRect(x, y(Math.log10(p[1]), low, high), 2, 2);
      mean = 0.97 * mean + 0.03 * p[1];
      int yMean = y(Math.log10(mean), low, high);
      if (lastX >= 0) {
        g.setColor(new Color(0x08519c));
        g.drawLine(lastX, lastY, x, yMean);
      }
      lastX = x;
      lastY = yMean;
    }
  }

  private static int y(double value, double low, double high) {
    return MARGIN + (int) ((HEIGHT - BOTTOM - MARGIN) * (high - value) / (high - low));
  }
}
