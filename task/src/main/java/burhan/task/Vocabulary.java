package burhan.task;

import java.util.HashMap;
import java.util.Map;

/**
 * What the words of an arithmetic question mean, in English and Arabic, up to four words at a time.
 * A table; knows no grammar. Arabic entries are folded as {@link PlainText#folded} does.
 */
final class Vocabulary {
  /** The part a word plays in a question. */
  enum Role {
    PLUS,
    MINUS,
    TIMES,
    OVER,
    /** Before numbers: their sum; between numbers: plus. */
    SUM,
    /** Before numbers: take the first from the second; between numbers: minus. */
    TAKE,
    GAP,
    /** Before numbers: their product; between numbers: times. */
    PRODUCT,
    /** Before numbers: their quotient; between numbers: over. */
    QUOTIENT,
    LESS_THAN,
    /** "How many times does": the divisor comes first. */
    GOES_INTO,
    AND,
    TO,
    FROM,
    BY,
    INTO,
    TOGETHER,
    EQUALS,
    OPEN,
    CLOSE,
    FILL
  }

  static final int LONGEST = 4;
  private static final Map<String, Role> ROLES = roles();

  private Vocabulary() {}

  /** Null if the words mean nothing in arithmetic. */
  static @org.jspecify.annotations.Nullable Role role(String words) {
    return ROLES.get(words);
  }

  private static Map<String, Role> roles() {
    Map<String, Role> map = new HashMap<>();
    put(map, Role.PLUS, "+|plus|added to|increased by|more than|زائد");
    put(map, Role.MINUS, "-|minus|less|decreased by|reduced by|ناقص");
    put(map, Role.TIMES, "*|x|times|multiplied by|في|مضروبا في|مضروبه في|×");
    put(map, Role.OVER, "/|over|divided by|علي|مقسوما علي|مقسومه علي|تقسيم");
    put(map, Role.SUM, "add|sum|total|اجمع|اضف|مجموع|جمع|جمعنا|حاصل جمع|ناتج جمع");
    put(map, Role.TAKE, "subtract|take|take away|deduct|اطرح|طرح|طرحنا|انقص|احسم|اخصم");
    put(map, Role.GAP, "difference|الفرق|فرق");
    put(map, Role.PRODUCT, "multiply|product|اضرب|ضرب|ضربنا|جداء|ضربت|نضرب");
    put(map, Role.QUOTIENT, "divide|quotient|split|share|اقسم|قسمه|قسمنا|وزع|نقسم");
    put(map, Role.LESS_THAN, "less than|fewer than");
    put(map, Role.GOES_INTO, "how many times does|how often does|كم مره يوجد|كم مره توجد");
    put(map, Role.AND, "and|,|و|with|مع");
    put(map, Role.TO, "to|الي");
    put(map, Role.FROM, "from|away from|من");
    put(map, Role.BY, "by");
    put(map, Role.INTO, "into|go into|fit into|among");
    put(map, Role.TOGETHER, "together|in total|altogether|معا");
    put(map, Role.EQUALS, "=");
    put(map, Role.OPEN, "(");
    put(map, Role.CLOSE, ")");
    put(map, Role.FILL, "?|.|!|:|\"");
    put(
        map,
        Role.FILL,
        "what|is|what's|whats|calculate|compute|how|much|work|work out|out|solve|find|find out"
            + "|evaluate|can|could|you|tell|me|equals|equal|does|do|make|makes|give|give me|i|need"
            + "|get|for|the|a|of|between|answer|answer to|the answer to|value|result|quick|quickly"
            + "|q|question|please|pls|plz|hi|hello|hey|know|when|if|left|thanks|thank|thank you"
            + "|now|just|ok|okay|then|so|equal parts|equal groups|parts|equal|we|be|would|will|it"
            + "|that|this|help|help me|with this|solution|solution to|to know|want|want to know|like"
            + "|like to know|i'd|math|maths|sum up|say|number|numbers|two numbers|exactly|come");
    put(
        map,
        Role.FILL,
        "كم|يساوي|تساوي|ما|هو|هي|ماهو|ناتج|الناتج|حاصل|احسب|احسبي|اوجد|جد|قيمه|حل|هل|تعرف|اريد"
            + "|اعطني|نتيجه|النتيجه|ماذا|خارج|اذا|فكم|فما|يكون|يبقي|لو|بين|من فضلك|لو سمحت|رجاء|مرحبا"
            + "|السلام عليكم|لي|الجواب|جواب|عمليه|العمليه|التاليه|الاتيه|سمحت|فضلك|العدد|العددين"
            + "|عددين|المسأله|اعرف|ان|تحسب|حساب|تكون|يمكنك|تستطيع|قل|اخبرني|ارجو|سؤال|سريع|بسرعه|شكرا|كام"
            + "|قديش|شنو|اجزاء متساويه|الي اجزاء|اجزاء|متساويه|نا|هذا|هذه|لنا|هنا");
    return Map.copyOf(map);
  }

  private static void put(Map<String, Role> map, Role role, String alternatives) {
    for (String words : alternatives.split("\\|", -1)) {
      map.put(words, role);
    }
  }
}
