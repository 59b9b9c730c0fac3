package burhan.task;

/**
 * Writes arithmetic as digit columns, least significant first, at uniform strides. Knows numbers
 * only, no wording.
 *
 * <p>A column of addition is {@code a+b+c=dd} (c the carry in), of subtraction {@code xy-b-c=d} (x
 * whether ten is borrowed, c the borrow in), of multiplication {@code x*y+c=dd}; of division {@code
 * dd/y=qrm} (quotient digit, the letter r, remainder m), from the left.
 */
final class Steps {
  private Steps() {}

  static String add(int a, int b) {
    int width = Math.max(digits(a), digits(b));
    StringBuilder out = new StringBuilder();
    out.append(padded(a, width)).append('+').append(padded(b, width)).append(':');
    int carry = 0;
    for (int i = 0, x = a, y = b; i < width; i++, x /= 10, y /= 10) {
      int sum = x % 10 + y % 10 + carry;
      out.append(i == 0 ? "" : ",").append(x % 10).append('+').append(y % 10);
      out.append('+').append(carry).append('=').append(padded(sum, 2));
      carry = sum / 10;
    }
    return out.append(';').append(a + b).toString();
  }

  /** Requires a >= b. */
  static String subtract(int a, int b) {
    if (a < b) {
      throw new IllegalArgumentException(a + " < " + b);
    }
    int width = digits(a);
    StringBuilder out = new StringBuilder();
    out.append(a).append('-').append(padded(b, width)).append(':');
    int borrow = 0;
    for (int i = 0, x = a, y = b; i < width; i++, x /= 10, y /= 10) {
      int flag = x % 10 < y % 10 + borrow ? 1 : 0;
      int difference = 10 * flag + x % 10 - y % 10 - borrow;
      out.append(i == 0 ? "" : ",").append(flag).append(x % 10).append('-').append(y % 10);
      out.append('-').append(borrow).append('=').append(difference);
      borrow = flag;
    }
    return out.append(';').append(a - b).toString();
  }

  /** Either order: a negative result is the comparison, the mirrored step and the signed result. */
  static String subtractSigned(int a, int b) {
    if (a >= b) {
      return subtract(a, b);
    }
    return padded(a, digits(b)) + "<" + b + "\n" + subtract(b, a) + "\n" + (a - b);
  }

  /** The shorter factor is the multiplier and has at most two digits. */
  static String multiply(int a, int b) {
    if (digits(b) > digits(a)) {
      return multiply(b, a);
    }
    if (b > 99) {
      throw new IllegalArgumentException("multiplier " + b + " has more than two digits");
    }
    if (b < 10) {
      return multiplyDigit(a, b);
    }
    int low = a * (b % 10);
    int high = a * (b / 10) * 10;
    return multiplyDigit(a, b % 10) + "\n" + multiplyDigit(a, b / 10) + "\n" + add(low, high);
  }

  private static String multiplyDigit(int a, int digit) {
    StringBuilder out = new StringBuilder().append(a).append('*').append(digit).append(':');
    int carry = 0;
    int x = a;
    do {
      int product = x % 10 * digit + carry;
      out.append(x == a ? "" : ",").append(x % 10).append('*').append(digit);
      out.append('+').append(carry).append('=').append(padded(product, 2));
      carry = product / 10;
      x /= 10;
    } while (x > 0);
    return out.append(';').append(a * digit).toString();
  }

  /** Long division by one digit that leaves no remainder. */
  static String divide(int a, int b) {
    if (b < 1 || b > 9 || a % b != 0) {
      throw new IllegalArgumentException(a + "/" + b);
    }
    StringBuilder out = new StringBuilder().append(a).append('/').append(b).append(':');
    int remainder = 0;
    String dividend = Integer.toString(a);
    for (int i = 0; i < dividend.length(); i++) {
      int part = 10 * remainder + dividend.charAt(i) - '0';
      remainder = part % b;
      out.append(i == 0 ? "" : ",").append(padded(part, 2)).append('/').append(b);
      out.append('=').append(part / b).append('r').append(remainder);
    }
    return out.append(';').append(a / b).toString();
  }

  static int digits(int n) {
    return Integer.toString(n).length();
  }

  static String padded(int n, int width) {
    String digits = Integer.toString(n);
    return "0".repeat(Math.max(0, width - digits.length())) + digits;
  }
}
