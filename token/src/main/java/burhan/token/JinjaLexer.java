package burhan.token;

import burhan.tensor.BadInputException;
import burhan.token.JinjaToken.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a template into tokens and settles white space as chat templates expect it: {@code
 * trim_blocks} (the line break behind a block goes) and {@code lstrip_blocks} (the indentation
 * before a block goes), with {@code -} and {@code +} to say otherwise. Knows no grammar.
 */
final class JinjaLexer {
  private static final String[] OPERATORS = {
    "**", "//", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}",
    ">", "<", "=", ".", ":", "|", ",", ";"
  };

  private final String source;
  private final List<JinjaToken> tokens = new ArrayList<>();
  private int at;
  private int line = 1;
  private int lineCountedTo;
  private boolean lineStarting = true; // nothing but white space since the last line break

  private JinjaLexer(String source) {
    this.source = source;
  }

  static List<JinjaToken> tokens(String template) {
    String source = template.replace("\r\n", "\n").replace('\r', '\n');
    // One line break at the very end belongs to the file, not to the text.
    return new JinjaLexer(source.endsWith("\n") ? source.substring(0, source.length() - 1) : source)
        .run();
  }

  private List<JinjaToken> run() {
    while (at < source.length()) {
      int tag = nextTag();
      if (tag < 0) {
        data(source.substring(at));
        at = source.length();
        break;
      }
      char kind = source.charAt(tag + 1);
      char sign = tag + 2 < source.length() ? source.charAt(tag + 2) : ' ';
      data(before(tag, kind, sign));
      at = tag + (sign == '-' || sign == '+' ? 3 : 2);
      if (kind == '#') {
        comment(tag);
      } else if (kind == '%' && atRaw()) {
        raw();
      } else {
        inside(kind == '{');
      }
    }
    add(Kind.END, "");
    return tokens;
  }

  private int nextTag() {
    for (int i = source.indexOf('{', at); i >= 0; i = source.indexOf('{', i + 1)) {
      if (i + 1 < source.length() && "{%#".indexOf(source.charAt(i + 1)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  private String before(int tag, char kind, char sign) {
    String text = source.substring(at, tag);
    if (sign == '-') {
      return text.substring(0, stripEnd(text));
    }
    if (sign != '+' && kind != '{') {
      int lineBegin = text.lastIndexOf('\n') + 1;
      if ((lineBegin > 0 || lineStarting) && stripEnd(text) <= lineBegin) {
        return text.substring(0, lineBegin);
      }
    }
    return text;
  }

  private static int stripEnd(String text) {
    int end = text.length();
    while (end > 0 && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return end;
  }

  private void data(String text) {
    if (!text.isEmpty()) {
      add(Kind.DATA, text);
    }
  }

  private void comment(int tag) {
    int end = source.indexOf("#}", at);
    if (end < 0) {
      throw error(tag, "a comment is never closed, expected #}");
    }
    char sign = end > at ? source.charAt(end - 1) : ' ';
    at = end + 2;
    afterBlock(sign);
  }

  private boolean atRaw() {
    int i = skipSpace(at);
    if (!source.startsWith("raw", i)) {
      return false;
    }
    int end = skipSpace(i + 3);
    return source.startsWith("%}", end) || source.startsWith("-%}", end);
  }

  private void raw() {
    int begin = at;
    at = source.indexOf("%}", at) + 2;
    if (source.charAt(at - 3) == '-') {
      at = skipSpace(at);
    }
    lineStarting = source.charAt(at - 1) == '\n';
    for (int tag = source.indexOf("{%", at); tag >= 0; tag = source.indexOf("{%", tag + 1)) {
      char sign = tag + 2 < source.length() ? source.charAt(tag + 2) : ' ';
      int name = skipSpace(tag + (sign == '-' || sign == '+' ? 3 : 2));
      if (!source.startsWith("endraw", name)) {
        continue;
      }
      int end = skipSpace(name + 6);
      char endSign = end < source.length() ? source.charAt(end) : ' ';
      end += endSign == '-' || endSign == '+' ? 1 : 0;
      if (source.startsWith("%}", end)) {
        data(before(tag, '%', sign));
        at = end + 2;
        afterBlock(endSign);
        return;
      }
    }
    throw error(begin, "raw is never closed, expected endraw");
  }

  // Behind %} or #}: a minus takes all white space, a plus none, else one line break goes.
  private void afterBlock(char sign) {
    if (sign == '-') {
      at = skipSpace(at);
    } else if (sign != '+' && at < source.length() && source.charAt(at) == '\n') {
      at++;
    }
    lineStarting = source.charAt(at - 1) == '\n';
  }

  private void inside(boolean print) {
    int begin = at;
    add(print ? Kind.PRINT_BEGIN : Kind.BLOCK_BEGIN, print ? "{{" : "{%");
    int open = 0; // brackets: a closing tag inside them is not one
    while (true) {
      at = skipSpace(at);
      if (at >= source.length()) {
        throw error(begin, "a tag is never closed, expected " + (print ? "}}" : "%}"));
      }
      if (open == 0 && endTag(print)) {
        return;
      }
      char c = source.charAt(at);
      if (c == '\'' || c == '"') {
        string(c);
      } else if (c >= '0' && c <= '9') {
        number();
      } else if (Character.isUnicodeIdentifierStart(c) || c == '_') {
        int end = at + 1;
        while (end < source.length() && Character.isUnicodeIdentifierPart(source.charAt(end))) {
          end++;
        }
        add(Kind.NAME, source.substring(at, end));
        at = end;
      } else {
        String operator = operator();
        open += "([{".contains(operator) ? 1 : ")]}".contains(operator) ? -1 : 0;
        if (open < 0) {
          throw error(at, "'" + operator + "' closes nothing");
        }
        add(Kind.OPERATOR, operator);
        at += operator.length();
      }
    }
  }

  private boolean endTag(boolean print) {
    char sign = source.charAt(at);
    boolean signed = sign == '-' || (sign == '+' && !print);
    if (!source.startsWith(print ? "}}" : "%}", signed ? at + 1 : at)) {
      return false;
    }
    add(print ? Kind.PRINT_END : Kind.BLOCK_END, print ? "}}" : "%}");
    at += signed ? 3 : 2;
    if (print) {
      at = sign == '-' ? skipSpace(at) : at;
      lineStarting = source.charAt(at - 1) == '\n';
    } else {
      afterBlock(sign);
    }
    return true;
  }

  private String operator() {
    for (String operator : OPERATORS) {
      if (source.startsWith(operator, at)) {
        return operator;
      }
    }
    throw error(at, "unexpected character '" + Character.toString(source.codePointAt(at)) + "'");
  }

  private void number() {
    int end = digits(at);
    boolean isFloat = false;
    if (end + 1 < source.length() && source.charAt(end) == '.' && isDigit(source.charAt(end + 1))) {
      isFloat = true;
      end = digits(end + 1);
    }
    if (end < source.length() && (source.charAt(end) == 'e' || source.charAt(end) == 'E')) {
      int sign = end + 1;
      sign += sign < source.length() && "+-".indexOf(source.charAt(sign)) >= 0 ? 1 : 0;
      if (sign < source.length() && isDigit(source.charAt(sign))) {
        isFloat = true;
        end = digits(sign);
      }
    }
    add(isFloat ? Kind.FLOAT : Kind.INTEGER, source.substring(at, end).replace("_", ""));
    at = end;
  }

  private int digits(int from) {
    int end = from;
    while (end < source.length() && (isDigit(source.charAt(end)) || source.charAt(end) == '_')) {
      end++;
    }
    return end;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private void string(char quote) {
    StringBuilder value = new StringBuilder();
    int i = at + 1;
    while (true) {
      if (i >= source.length()) {
        throw error(at, "a string is never closed");
      }
      char c = source.charAt(i);
      if (c == quote) {
        break;
      }
      if (c == '\\' && i + 1 < source.length()) {
        i = escape(i + 1, value);
      } else {
        value.append(c);
        i++;
      }
    }
    add(Kind.STRING, Utf8.valid(value.toString()));
    at = i + 1;
  }

  // Python's escapes; an unknown one keeps its backslash.
  private int escape(int i, StringBuilder value) {
    char c = source.charAt(i);
    int simple = "\n\\'\"abfnrtv".indexOf(c);
    if (simple == 0) {
      return i + 1; // a line break behind a backslash is none
    }
    if (simple > 0) {
      value.append("\n\\'\"\u0007\b\f\n\r\t\u000B".charAt(simple));
      return i + 1;
    }
    if (c >= '0' && c <= '7') {
      int end = i;
      while (end < i + 3 && source.charAt(end) >= '0' && source.charAt(end) <= '7') {
        end++;
      }
      value.append((char) Integer.parseInt(source.substring(i, end), 8));
      return end;
    }
    int digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
    if (digits == 0) {
      value.append('\\').append(c);
      return i + 1;
    }
    int point = 0;
    for (int k = i + 1; k <= i + digits; k++) {
      int digit = k < source.length() ? Character.digit(source.charAt(k), 16) : -1;
      if (digit < 0 || point > 0x10FFFF) {
        throw error(i, "'\\" + c + "' needs " + digits + " hexadecimal digits");
      }
      point = point << 4 | digit;
    }
    if (point < 0 || point > 0x10FFFF) {
      throw error(i, "no character has this number");
    }
    value.appendCodePoint(point);
    return i + 1 + digits;
  }

  private int skipSpace(int from) {
    int i = from;
    while (i < source.length() && isSpace(source.charAt(i))) {
      i++;
    }
    return i;
  }

  private static boolean isSpace(char c) {
    return CharClass.isSpace(c) || (c >= 0x1C && c <= 0x1F);
  }

  private void add(Kind kind, String text) {
    tokens.add(new JinjaToken(kind, text, lineAt(at)));
  }

  private int lineAt(int place) {
    for (; lineCountedTo < place; lineCountedTo++) {
      line += source.charAt(lineCountedTo) == '\n' ? 1 : 0;
    }
    return line;
  }

  private BadInputException error(int place, String what) {
    return new BadInputException("chat template: line " + lineAt(place) + ": " + what);
  }
}
