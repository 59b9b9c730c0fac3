package burhan.task;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Arabic nouns by kind, with plural and gender, and names. A table. */
final class ArabicWords {
  private ArabicWords() {}

  static Map<String, List<Noun>> nouns() {
    Map<String, List<Noun>> map = new HashMap<>();
    for (String line : NOUNS.lines().toList()) {
      int colon = line.indexOf(':');
      String kind = line.substring(0, colon);
      for (String entry : line.substring(colon + 1).split("،", -1)) {
        map.computeIfAbsent(kind, k -> new ArrayList<>()).add(noun(entry.strip(), kind));
      }
    }
    return map;
  }

  /** {@code singular/plural}; feminine if it ends in ة or is marked so by a leading {@code +}. */
  static Noun noun(String entry, String kind) {
    boolean isMarked = entry.startsWith("+");
    int slash = entry.indexOf('/');
    String singular = entry.substring(isMarked ? 1 : 0, slash);
    return new Noun(singular, entry.substring(slash + 1), isMarked || singular.endsWith("ة"), kind);
  }

  static List<Person> people() {
    List<Person> out = new ArrayList<>();
    for (String name : WOMEN.split("\\s+", -1)) {
      out.add(new Person(name, true));
    }
    for (String name : MEN.split("\\s+", -1)) {
      out.add(new Person(name, false));
    }
    return List.copyOf(out);
  }

  private static final String WOMEN =
      "سارة فاطمة مريم ليلى هدى سلمى نور رنا دينا منى زينب خديجة عائشة آمنة أسماء سعاد هند لينا ريم"
          + " رانيا نادية سميرة ياسمين شهد غادة أمل إيمان حنان سناء وفاء نجوى هبة لمى رغد جنى تالا"
          + " شيماء بسمة عبير ندى ملك حليمة صفية رقية بثينة نسرين سوسن لبنى مها ميساء";
  private static final String MEN =
      "أحمد محمد علي عمر خالد يوسف حسن حسين كريم سامي سمير طارق زياد ياسر ماجد فهد سعد سعيد بلال حمزة"
          + " أنس إبراهيم إسماعيل سالم ناصر وليد رامي فادي هاني باسم جمال كمال عادل نبيل منير مازن أيمن"
          + " أسامة عثمان مصطفى مراد رشيد صالح ماهر حسام غسان لؤي مروان عماد فيصل";

  private static final String NOUNS =
      """
      object:كتاب/كتب، قلم/أقلام، دفتر/دفاتر، مفتاح/مفاتيح، كوب/أكواب، طبق/أطباق، صحن/صحون، ملعقة/ملاعق، كرة/كرات، لعبة/ألعاب، صورة/صور، بطاقة/بطاقات، رسالة/رسائل، تذكرة/تذاكر، زهرة/زهرات، وردة/وردات، شمعة/شمعات، قبعة/قبعات، حقيبة/حقائب، قميص/قمصان، ثوب/أثواب، خاتم/خواتم، ساعة/ساعات، مصباح/مصابيح، مقعد/مقاعد، طاولة/طاولات، زجاجة/زجاجات، حجر/أحجار، صدفة/أصداف، ريشة/ريشات، طابع/طوابع، ملصق/ملصقات، بالون/بالونات، دمية/دمى، مرآة/مرايا، مجلة/مجلات، قصة/قصص، وسادة/وسائد، سجادة/سجادات، فنجان/فناجين، إبريق/أباريق، مسطرة/مساطر، قلادة/قلادات، كراسة/كراسات، طوبة/طوبات، مسمار/مسامير، جورب/جوارب، منديل/مناديل، مظلة/مظلات، لوحة/لوحات، خريطة/خرائط، جائزة/جوائز، ميدالية/ميداليات، هدية/هدايا، خرزة/خرزات، طائرة/طائرات، سيارة/سيارات، دراجة/دراجات
      food:تفاحة/تفاحات، برتقالة/برتقالات، موزة/موزات، تمرة/تمرات، رمانة/رمانات، ليمونة/ليمونات، خيارة/خيارات، جزرة/جزرات، بيضة/بيضات، كعكة/كعكات، فطيرة/فطائر، رغيف/أرغفة، بسكويتة/بسكويتات، جوزة/جوزات، لوزة/لوزات، زيتونة/زيتونات، بطيخة/بطيخات، خوخة/خوخات، مشمشة/مشمشات، تينة/تينات، بصلة/بصلات، شطيرة/شطائر
      container:صندوق/صناديق، علبة/علب، سلة/سلال، كيس/أكياس، رف/رفوف، درج/أدراج، خزانة/خزائن، قفص/أقفاص، جرة/جرار، كرتونة/كراتين، حاوية/حاويات، وعاء/أوعية
      people:طالب/طلاب، طفل/أطفال، ولد/أولاد، +بنت/بنات، لاعب/لاعبين، عامل/عمال، ضيف/ضيوف، صديق/أصدقاء، رجل/رجال، معلم/معلمين، طالبة/طالبات، معلمة/معلمات، موظف/موظفين، زائر/زوار، جار/جيران، فلاح/فلاحين، مسافر/مسافرين، طبيب/أطباء، مهندس/مهندسين
      animal:خروف/خراف، بقرة/بقرات، دجاجة/دجاجات، بطة/بطات، حصان/أحصنة، سمكة/سمكات، أرنب/أرانب، جمل/جمال، ديك/ديوك، حمار/حمير، عصفور/عصافير، قطة/قطط، نعجة/نعاج، عنزة/عنزات، إوزة/إوزات، ناقة/نوق
      money:دينار/دنانير، درهم/دراهم، ريال/ريالات، جنيه/جنيهات، ليرة/ليرات، دولار/دولارات
      year:سنة/سنوات، عام/أعوام
      distance:كيلومتر/كيلومترات، متر/أمتار، ميل/أميال
      """;
}
