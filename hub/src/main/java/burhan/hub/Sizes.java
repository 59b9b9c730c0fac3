package burhan.hub;

import java.util.Locale;

/** Bytes for a person: {@code 4.92 GB}. */
final class Sizes {
  private static final String[] UNITS = {" bytes", " kB", " MB", " GB", " TB"};

  private Sizes() {}

  static String bytes(long n) {
    double value = n;
    int unit = 0;
    while (value >= 1000 && unit < UNITS.length - 1) {
      value /= 1000;
      unit++;
    }
    return unit == 0
        ? n + UNITS[0]
        : String.format(Locale.ROOT, value < 10 ? "%.2f%s" : "%.1f%s", value, UNITS[unit]);
  }
}
