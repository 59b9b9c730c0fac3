package burhan.task;

import java.math.BigInteger;

/** An exact fraction in lowest terms with a positive denominator. */
record Rational(BigInteger numerator, BigInteger denominator) {
  Rational {
    if (denominator.signum() == 0) {
      throw new ArithmeticException("division by zero");
    }
    BigInteger gcd = numerator.gcd(denominator);
    if (denominator.signum() < 0) {
      gcd = gcd.negate();
    }
    numerator = numerator.divide(gcd);
    denominator = denominator.divide(gcd);
  }

  static Rational of(long n) {
    return new Rational(BigInteger.valueOf(n), BigInteger.ONE);
  }

  /** Digits with an optional fraction part, e.g. {@code 12} or {@code 0.5}. */
  static Rational parse(String decimal) {
    int point = decimal.indexOf('.');
    if (point < 0) {
      return new Rational(new BigInteger(decimal), BigInteger.ONE);
    }
    String digits = decimal.substring(0, point) + decimal.substring(point + 1);
    return new Rational(new BigInteger(digits), BigInteger.TEN.pow(decimal.length() - point - 1));
  }

  Rational plus(Rational o) {
    return new Rational(
        numerator.multiply(o.denominator).add(o.numerator.multiply(denominator)),
        denominator.multiply(o.denominator));
  }

  Rational minus(Rational o) {
    return plus(o.negate());
  }

  Rational times(Rational o) {
    return new Rational(numerator.multiply(o.numerator), denominator.multiply(o.denominator));
  }

  /**
   * The quotient.
   *
   * @throws ArithmeticException if the divisor is zero
   */
  Rational over(Rational o) {
    return new Rational(numerator.multiply(o.denominator), denominator.multiply(o.numerator));
  }

  Rational negate() {
    return new Rational(numerator.negate(), denominator);
  }

  int signum() {
    return numerator.signum();
  }

  boolean isInteger() {
    return denominator.equals(BigInteger.ONE);
  }

  @Override
  public String toString() {
    return isInteger() ? numerator.toString() : numerator + "/" + denominator;
  }
}
