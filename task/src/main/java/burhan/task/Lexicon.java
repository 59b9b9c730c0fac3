package burhan.task;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The words of stories in one language: nouns by kind, people, and settings. Knows which noun a
 * form belongs to.
 */
final class Lexicon {
  private final Map<String, List<Noun>> nouns;
  private final Map<String, List<Noun>> known = new HashMap<>();
  private final Map<String, List<Noun>> heldOut = new HashMap<>();
  private final List<Person> people;
  private final List<Person> acquaintances;
  private final List<Person> strangers;
  private final List<Theme> themes;
  private final List<Theme> oldSettings;
  private final List<Theme> newSettings;
  private final Map<String, Noun> byForm;

  private Lexicon(Map<String, List<Noun>> nouns, List<Person> people, List<Theme> themes) {
    this.nouns = nouns;
    this.people = people;
    this.themes = themes;
    this.oldSettings = themes.stream().filter(t -> !t.isHeldOut()).toList();
    this.newSettings = themes.stream().filter(Theme::isHeldOut).toList();
    this.acquaintances = people.stream().filter(p -> !p.isHeldOut()).toList();
    this.strangers = people.stream().filter(Person::isHeldOut).toList();
    this.byForm = new HashMap<>();
    for (List<Noun> kind : nouns.values()) {
      for (Noun noun : kind) {
        (noun.isHeldOut() ? heldOut : known)
            .computeIfAbsent(noun.kind(), k -> new ArrayList<>())
            .add(noun);
        for (String form : ArabicCount.forms(noun)) {
          byForm.putIfAbsent(PlainText.folded(PlainText.of(form)), noun);
        }
      }
    }
  }

  private static final Lexicon ENGLISH =
      new Lexicon(EnglishWords.nouns(), EnglishWords.people(), EnglishStories.THEMES);
  private static final Lexicon ARABIC =
      new Lexicon(ArabicWords.nouns(), ArabicWords.people(), ArabicStories.THEMES);

  static Lexicon of(Language language) {
    return language == Language.EN ? ENGLISH : ARABIC;
  }

  List<Theme> themes() {
    return themes;
  }

  /** The settings known to training, or those held out. */
  List<Theme> settings(boolean isHeldOut) {
    return isHeldOut ? newSettings : oldSettings;
  }

  List<Noun> nouns(String kind, boolean isHeldOut) {
    return (isHeldOut ? heldOut : known).getOrDefault(kind, List.of());
  }

  List<Noun> allNouns() {
    return nouns.values().stream().flatMap(List::stream).toList();
  }

  List<Person> people(boolean isHeldOut) {
    return isHeldOut ? strangers : acquaintances;
  }

  List<Person> allPeople() {
    return people;
  }

  /** The noun that a folded form belongs to, if it is known. */
  Optional<Noun> noun(String form) {
    return Optional.ofNullable(byForm.get(form));
  }
}
