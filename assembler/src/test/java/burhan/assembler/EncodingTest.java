package burhan.assembler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Every instruction against the bytes that GNU as made of the same text. The text is turned into
 * calls by reflection, so that nothing but the assembler's own names stands between the two.
 */
class EncodingTest {
  private static final Pattern MEMORY =
      Pattern.compile(
          "(?:\\w+ ptr )?\\[(\\w+?)(?:\\+(\\w+)\\*(\\d))?([+-]\\d+)?\\](\\{1to\\d+\\})?");
  private static final Set<String> NOT_INSTRUCTIONS = Set.of("label", "bind", "code");
  private static final Set<String> JUMPS =
      Set.of("jmp", "jz", "jnz", "jl", "jge", "jle", "jg", "jb", "jae", "jbe", "ja");

  private static List<String> lines() throws IOException {
    try (InputStream in = EncodingTest.class.getResourceAsStream("encodings.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .toList();
    }
  }

  /** GNU's names for what is one method here. */
  private static String name(String gnu, List<Object> operands, String text) {
    boolean isNarrow = gnu.equals("mov") && text.matches(".*\\b(e[a-ds][xip]|r\\d+d)\\b.*");
    return isNarrow
        ? "mov32"
        : gnu.replace("vmovdqu32", "vmovdqu").replaceFirst("^(vpxor|vpor|vpandn?)d$", "$1");
  }

  private static Object operand(String text) {
    if (text.matches("-?\\d+")) {
      return Long.valueOf(text);
    }
    if (text.matches("[xyz]mm\\d+")) {
      return new Vec(
          Integer.parseInt(text.substring(3)),
          Width.valueOf(text.substring(0, 3).toUpperCase(Locale.ROOT)));
    }
    if (text.startsWith("tmm")) {
      return new Tile(Integer.parseInt(text.substring(3)));
    }
    Matcher memory = MEMORY.matcher(text);
    if (memory.matches()) {
      Gpr index = memory.group(2) == null ? null : gpr(memory.group(2));
      int scale = index == null ? 1 : Integer.parseInt(memory.group(3));
      int disp = memory.group(4) == null ? 0 : Integer.parseInt(memory.group(4));
      return new Mem(gpr(memory.group(1)), index, scale, disp, memory.group(5) != null);
    }
    return gpr(text);
  }

  private static Gpr gpr(String text) {
    String wide = text.replaceFirst("^e", "r").replaceFirst("^(r\\d+)d$", "$1");
    return Gpr.valueOf(wide.toUpperCase(Locale.ROOT));
  }

  /** The method of this name that takes these operands; numbers may be int or long. */
  private static Method method(String name, List<Object> operands) {
    for (Method method : Assembler.class.getMethods()) {
      Class<?>[] types = method.getParameterTypes();
      boolean fits = method.getName().equals(name) && types.length == operands.size();
      for (int i = 0; fits && i < types.length; i++) {
        fits =
            types[i].isPrimitive()
                ? operands.get(i) instanceof Long
                : types[i].isInstance(operands.get(i));
      }
      if (fits) {
        return method;
      }
    }
    throw new AssertionError("no method " + name + operands);
  }

  private static byte[] assemble(String text) throws ReflectiveOperationException {
    String plain = text.replace("{vex} ", "");
    String[] parts = plain.split(" ", 2);
    List<Object> operands = new ArrayList<>();
    if (parts.length > 1) {
      for (String part : parts[1].split(", ")) {
        operands.add(operand(part));
      }
    }
    Method method = method(name(parts[0], operands, plain), operands);
    Object[] values = operands.toArray();
    for (int i = 0; i < values.length; i++) {
      if (method.getParameterTypes()[i] == int.class) {
        values[i] = Math.toIntExact((long) values[i]);
      }
    }
    Assembler assembler = new Assembler();
    try {
      method.invoke(assembler, values);
    } catch (InvocationTargetException e) {
      throw new AssertionError(text, e.getCause());
    }
    return assembler.code();
  }

  @Test
  void everyLineOfTheTableGivesItsBytes() throws Exception {
    List<String> lines = lines();
    assertTrue(lines.size() > 1000, "the table has " + lines.size() + " lines");
    List<String> wrong = new ArrayList<>();
    for (String line : lines) {
      String[] sides = line.split(" : ");
      String bytes = HexFormat.of().formatHex(assemble(sides[0]));
      if (!bytes.equals(sides[1])) {
        wrong.add(line + " but got " + bytes);
      }
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void everyInstructionIsInTheTable() throws IOException {
    Set<String> inTable = new TreeSet<>();
    for (String line : lines()) {
      String text = line.replace("{vex} ", "").split(" : ")[0];
      inTable.add(name(text.split(" ")[0], List.of(), text));
    }
    Set<String> missing = new TreeSet<>();
    for (Method method : Assembler.class.getDeclaredMethods()) {
      if (Modifier.isPublic(method.getModifiers())) {
        missing.add(method.getName());
      }
    }
    missing.removeAll(inTable);
    missing.removeAll(NOT_INSTRUCTIONS);
    missing.removeAll(JUMPS);
    assertEquals(Set.of(), missing);
  }
}
