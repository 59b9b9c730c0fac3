package burhan.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a trace line and proves every column of it; written apart from what writes them. */
final class TraceCheck {
  private static final Pattern LINE = Pattern.compile("(\\d+)([-+*/])(\\d+):([^;]+);(\\d+)");
  private static final Pattern ADD = Pattern.compile("(\\d)\\+(\\d)\\+([01])=(\\d)(\\d)");
  private static final Pattern SUB = Pattern.compile("([01])(\\d)-(\\d)-([01])=(\\d)");
  private static final Pattern MUL = Pattern.compile("(\\d)\\*(\\d)\\+(\\d)=(\\d)(\\d)");
  private static final Pattern DIV = Pattern.compile("(\\d\\d)/(\\d)=(\\d)r(\\d)");

  private TraceCheck() {}

  /** The result that the trace ends in. */
  static long result(String trace) {
    long last = Long.MIN_VALUE;
    for (String line : trace.split("\n", -1)) {
      if (line.matches("\\d+<\\d+")) {
        String[] sides = line.split("<", -1);
        assertEquals(sides[0].length(), sides[1].length(), line);
        assertTrue(Long.parseLong(sides[0]) < Long.parseLong(sides[1]), line);
      } else if (line.matches("-\\d+")) {
        assertEquals(-last, Long.parseLong(line), trace);
        last = -last;
      } else {
        last = line(line);
      }
    }
    return last;
  }

  static long line(String line) {
    Matcher m = LINE.matcher(line);
    assertTrue(m.matches(), line);
    long a = Long.parseLong(m.group(1));
    long b = Long.parseLong(m.group(3));
    String[] columns = m.group(4).split(",", -1);
    long value =
        switch (m.group(2)) {
          case "+" -> a + b;
          case "-" -> a - b;
          case "*" -> a * b;
          default -> {
            assertEquals(0, a % b, line);
            yield a / b;
          }
        };
    assertEquals(Long.toString(value), m.group(5), line);
    switch (m.group(2)) {
      case "+" -> added(line, m, columns);
      case "-" -> subtracted(line, m, columns);
      case "*" -> multiplied(line, m, columns);
      default -> divided(line, m, columns);
    }
    return value;
  }

  private static void added(String line, Matcher m, String[] columns) {
    assertEquals(m.group(1).length(), m.group(3).length(), line);
    assertEquals(m.group(1).length(), columns.length, line);
    int carry = 0;
    for (int i = 0; i < columns.length; i++) {
      int[] c = digits(ADD, columns[i], line);
      assertEquals(fromRight(m.group(1), i), c[0], line);
      assertEquals(fromRight(m.group(3), i), c[1], line);
      assertEquals(carry, c[2], line);
      assertEquals(c[0] + c[1] + c[2], 10 * c[3] + c[4], line);
      carry = c[3];
    }
  }

  private static void subtracted(String line, Matcher m, String[] columns) {
    assertEquals(m.group(1).length(), m.group(3).length(), line);
    assertEquals(m.group(1).length(), columns.length, line);
    int borrow = 0;
    for (int i = 0; i < columns.length; i++) {
      int[] c = digits(SUB, columns[i], line);
      assertEquals(fromRight(m.group(1), i), c[1], line);
      assertEquals(fromRight(m.group(3), i), c[2], line);
      assertEquals(borrow, c[3], line);
      assertEquals(10 * c[0] + c[1] - c[2] - c[3], c[4], line);
      borrow = c[0];
    }
    assertEquals(0, borrow, line);
  }

  private static void multiplied(String line, Matcher m, String[] columns) {
    assertEquals(m.group(1).length(), columns.length, line);
    int carry = 0;
    for (int i = 0; i < columns.length; i++) {
      int[] c = digits(MUL, columns[i], line);
      assertEquals(fromRight(m.group(1), i), c[0], line);
      assertEquals(m.group(3), Integer.toString(c[1]), line);
      assertEquals(carry, c[2], line);
      assertEquals(c[0] * c[1] + c[2], 10 * c[3] + c[4], line);
      carry = c[3];
    }
  }

  private static void divided(String line, Matcher m, String[] columns) {
    assertEquals(m.group(1).length(), columns.length, line);
    int remainder = 0;
    for (int i = 0; i < columns.length; i++) {
      Matcher c = DIV.matcher(columns[i]);
      assertTrue(c.matches(), line);
      int part = Integer.parseInt(c.group(1));
      int divisor = Integer.parseInt(c.group(2));
      assertEquals(10 * remainder + m.group(1).charAt(i) - '0', part, line);
      assertEquals(m.group(3), c.group(2), line);
      assertEquals(part / divisor, Integer.parseInt(c.group(3)), line);
      remainder = part % divisor;
      assertEquals(remainder, Integer.parseInt(c.group(4)), line);
    }
  }

  private static int fromRight(String digits, int i) {
    return digits.charAt(digits.length() - 1 - i) - '0';
  }

  private static int[] digits(Pattern pattern, String column, String line) {
    Matcher m = pattern.matcher(column);
    if (!m.matches()) {
      return fail("column " + column + " of " + line);
    }
    int[] out = new int[m.groupCount()];
    for (int i = 0; i < out.length; i++) {
      out[i] = Integer.parseInt(m.group(i + 1));
    }
    return out;
  }
}
