package burhan.token;

import java.util.List;
import java.util.function.UnaryOperator;

/**
 * How a normalised text is cut into pieces: the {@code pre_tokenizer} of a {@code tokenizer.json}.
 * A record only describes; {@link #compile()} makes it runnable once.
 */
public sealed interface PreTokenizer {

  /** What a split does with its matches. */
  enum Behavior {
    REMOVED,
    ISOLATED,
    MERGED_WITH_PREVIOUS,
    MERGED_WITH_NEXT,
    CONTIGUOUS
  }

  /** The step as a function. Pieces are internal, so only this module can run it. */
  Step compile();

  /** A compiled step; opaque to callers. */
  final class Step {
    private final UnaryOperator<Pieces> cut;

    Step(UnaryOperator<Pieces> cut) {
      this.cut = cut;
    }

    Pieces apply(Pieces pieces) {
      return cut.apply(pieces);
    }
  }

  /** Splits at the matches of a pattern or, inverted, at what lies between them. */
  record Split(TextPattern pattern, Behavior behavior, boolean invert) implements PreTokenizer {

    /** Every match, and what lies between two, a piece of its own. */
    public static Split isolated(String regex) {
      return new Split(TextPattern.regex(regex), Behavior.ISOLATED, false);
    }

    /** Words, numbers digit by digit, signs and white space apart, as Qwen 2 cuts. */
    public static Split qwen2() {
      return isolated(KnownPattern.QWEN_2.pattern());
    }

    @Override
    public Step compile() {
      Finder finder = pattern.finder();
      return new Step(pieces -> Splitting.cut(pieces, finder, behavior, invert));
    }
  }

  /** Numbers apart from the rest, digit by digit or run by run. */
  record Digits(boolean individual) implements PreTokenizer {
    @Override
    public Step compile() {
      return Split.isolated(individual ? "\\p{N}" : "\\p{N}+").compile();
    }
  }

  /**
   * Marks that the vocabulary is one of bytes; optionally cuts as GPT-2 does and sees to it that
   * every piece begins with a space.
   */
  record ByteLevel(boolean addPrefixSpace, boolean useRegex) implements PreTokenizer {
    @Override
    public Step compile() {
      return new Step(pieces -> {
        Pieces spaced = addPrefixSpace ? Splitting.prefixed(pieces, ' ', false) : pieces;
        return useRegex
            ? Splitting.cut(spaced, KnownPattern.GPT_2, Behavior.ISOLATED, false)
            : spaced;
      });
    }
  }

  /** Spaces become a visible character, as SentencePiece writes them. */
  record Metaspace(char replacement, Prefix prefix, boolean split) implements PreTokenizer {
    /** Where a replacement is put before the text. */
    public enum Prefix {
      ALWAYS,
      FIRST,
      NEVER
    }

    @Override
    public Step compile() {
      Finder finder = TextPattern.literal(String.valueOf(replacement)).finder();
      return new Step(pieces -> {
        Pieces visible = Splitting.replaced(pieces, ' ', replacement);
        if (prefix == Prefix.ALWAYS || (prefix == Prefix.FIRST && pieces.atStart())) {
          visible = Splitting.prefixed(visible, replacement, prefix == Prefix.FIRST);
        }
        return split ? Splitting.cut(visible, finder, Behavior.MERGED_WITH_NEXT, false) : visible;
      });
    }
  }

  /** One after the other, each cutting the pieces of the one before. */
  record Sequence(List<PreTokenizer> steps) implements PreTokenizer {
    public Sequence {
      steps = List.copyOf(steps);
    }

    @Override
    public Step compile() {
      List<Step> compiled = steps.stream().map(PreTokenizer::compile).toList();
      return new Step(pieces -> {
        Pieces current = pieces;
        for (Step step : compiled) {
          current = step.apply(current);
        }
        return current;
      });
    }
  }
}
