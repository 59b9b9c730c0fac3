package burhan.task;

import java.util.List;

/**
 * The ways people ask for arithmetic. A table of templates: {@code {e}} stands for the infix
 * expression, {@code {a}} and {@code {b}} for the operands of the operation in its own order (a -
 * b, a / b). Knows no numbers.
 */
final class Phrases {
  private Phrases() {}

  /** Around an infix expression, whatever its operations. */
  static List<String> aroundExpression(Language language) {
    return language == Language.EN ? EXPRESSION_EN : EXPRESSION_AR;
  }

  /** For one operation of two operands. */
  static List<String> inWords(Skill skill, Language language) {
    boolean english = language == Language.EN;
    return switch (skill) {
      case ADD -> english ? ADD_EN : ADD_AR;
      case SUB -> english ? SUB_EN : SUB_AR;
      case MUL -> english ? MUL_EN : MUL_AR;
      case DIV -> english ? DIV_EN : DIV_AR;
      case CHAIN, WORD_EN, WORD_AR, COUNTDOWN, CHAT -> List.of();
    };
  }

  private static final List<String> EXPRESSION_EN =
      List.of(
          "What is {e}?",
          "What's {e}?",
          "what is {e}",
          "whats {e}",
          "what's {e}?",
          "How much is {e}?",
          "how much is {e}",
          "Calculate {e}",
          "Calculate {e}.",
          "calculate: {e}",
          "Compute {e}",
          "Compute {e}.",
          "Work out {e}",
          "Work out {e}.",
          "Solve {e}",
          "Solve: {e}",
          "Find {e}",
          "Evaluate {e}",
          "Can you work out {e}?",
          "Can you calculate {e}?",
          "Could you solve {e}?",
          "Tell me {e}",
          "Give me {e}",
          "{e} equals?",
          "{e} is what?",
          "{e} makes what?",
          "What does {e} equal?",
          "What does {e} make?",
          "How much does {e} make?",
          "How much do you get for {e}?",
          "Do you know {e}?",
          "What is the value of {e}?",
          "What is the result of {e}?",
          "What's the answer to {e}?",
          "Find the value of {e}.",
          "Find the result of {e}.",
          "I need the result of {e}.",
          "I need {e}",
          "Q: {e}",
          "Question: what is {e}?",
          "Quick question: {e}?",
          "Help me solve {e}");

  private static final List<String> EXPRESSION_AR =
      List.of(
          "كم يساوي {e}؟",
          "كم يساوي {e}",
          "كم {e}؟",
          "ما ناتج {e}؟",
          "ما هو ناتج {e}؟",
          "ما الناتج: {e}؟",
          "احسب {e}",
          "احسب: {e}",
          "احسب ناتج {e}",
          "احسب قيمة {e}",
          "أوجد ناتج {e}",
          "أوجد قيمة {e}",
          "أوجد {e}",
          "جد ناتج {e}",
          "ما قيمة {e}؟",
          "ما هي قيمة {e}؟",
          "ما حاصل {e}؟",
          "كم ناتج {e}؟",
          "كم حاصل {e}؟",
          "كم تكون نتيجة {e}؟",
          "{e} كم يساوي؟",
          "{e} يساوي كم؟",
          "{e} يساوي؟",
          "ماذا يساوي {e}؟",
          "ما نتيجة {e}؟",
          "ما هي نتيجة {e}؟",
          "حل {e}",
          "حل العملية: {e}",
          "حل العملية التالية: {e}",
          "هل تعرف كم يساوي {e}؟",
          "هل يمكنك حساب {e}؟",
          "أريد ناتج {e}",
          "أعطني ناتج {e}",
          "أخبرني كم يساوي {e}",
          "ما هو {e}؟",
          "سؤال: كم يساوي {e}؟",
          "ما جواب {e}؟");

  private static final List<String> ADD_EN =
      List.of(
          "Add {a} and {b}",
          "Add {a} and {b}.",
          "Add {a} to {b}",
          "Add {a} to {b}.",
          "add {a} with {b}",
          "What is the sum of {a} and {b}?",
          "What's the sum of {a} and {b}?",
          "sum of {a} and {b}",
          "Find the sum of {a} and {b}.",
          "Calculate the sum of {a} and {b}.",
          "Give me the sum of {a} and {b}",
          "What is the total of {a} and {b}?",
          "Find the total of {a} and {b}",
          "What do you get when you add {a} and {b}?",
          "What do you get if you add {a} to {b}?",
          "What is {a} added to {b}?",
          "What is {a} increased by {b}?",
          "What is {a} more than {b}?",
          "How much is {a} and {b} together?",
          "How much do {a} and {b} make together?",
          "How much is {a} and {b} in total?",
          "{a} and {b} together make?");

  private static final List<String> ADD_AR =
      List.of(
          "اجمع {a} و{b}",
          "اجمع {a} و {b}",
          "اجمع {a} مع {b}",
          "اجمع {a} إلى {b}",
          "أضف {a} إلى {b}",
          "اجمع العددين {a} و{b}",
          "ما مجموع {a} و{b}؟",
          "ما هو مجموع {a} و{b}؟",
          "كم مجموع {a} و{b}؟",
          "مجموع {a} و{b}",
          "احسب مجموع {a} و{b}",
          "أوجد مجموع {a} و{b}",
          "ما مجموع العددين {a} و{b}؟",
          "ما حاصل جمع {a} و{b}؟",
          "ما هو حاصل جمع {a} و{b}؟",
          "ما ناتج جمع {a} و{b}؟",
          "ما ناتج جمع {a} مع {b}؟",
          "احسب ناتج جمع {a} و{b}",
          "كم يساوي مجموع {a} و{b}؟",
          "إذا جمعنا {a} و{b} فكم الناتج؟",
          "كم {a} و{b} معا؟");

  private static final List<String> SUB_EN =
      List.of(
          "Subtract {b} from {a}",
          "Subtract {b} from {a}.",
          "Take {b} from {a}",
          "Take {b} away from {a}.",
          "Take away {b} from {a}",
          "Deduct {b} from {a}.",
          "What is {a} take away {b}?",
          "{a} take away {b}",
          "What is {a} less {b}?",
          "What is {a} decreased by {b}?",
          "What is {a} reduced by {b}?",
          "What is {b} less than {a}?",
          "How much is {b} less than {a}?",
          "What do you get when you subtract {b} from {a}?",
          "What is left if you take {b} from {a}?",
          "How much is left when you take {b} away from {a}?",
          "What is the difference between {a} and {b}?",
          "What's the difference between {a} and {b}?",
          "Find the difference between {a} and {b}.",
          "difference of {a} and {b}",
          "Calculate the difference of {a} and {b}.");

  private static final List<String> SUB_AR =
      List.of(
          "اطرح {b} من {a}",
          "اطرح العدد {b} من {a}",
          "أنقص {b} من {a}",
          "اخصم {b} من {a}",
          "احسم {b} من {a}",
          "ما ناتج طرح {b} من {a}؟",
          "ما هو ناتج طرح {b} من {a}؟",
          "ما حاصل طرح {b} من {a}؟",
          "كم ناتج طرح {b} من {a}؟",
          "احسب ناتج طرح {b} من {a}",
          "أوجد ناتج طرح {b} من {a}",
          "كم يبقى إذا طرحنا {b} من {a}؟",
          "إذا طرحنا {b} من {a} فكم يبقى؟",
          "إذا طرحنا {b} من {a} فكم الناتج؟",
          "ما الفرق بين {a} و{b}؟",
          "كم الفرق بين {a} و{b}؟",
          "احسب الفرق بين {a} و{b}",
          "أوجد الفرق بين {a} و{b}",
          "الفرق بين {a} و{b}",
          "ما الفرق بين العددين {a} و{b}؟");

  private static final List<String> MUL_EN =
      List.of(
          "Multiply {a} by {b}",
          "Multiply {a} by {b}.",
          "Multiply {a} and {b}",
          "multiply {a} with {b}",
          "What is the product of {a} and {b}?",
          "What's the product of {a} and {b}?",
          "Find the product of {a} and {b}.",
          "Calculate the product of {a} and {b}.",
          "product of {a} and {b}",
          "Give me the product of {a} and {b}",
          "What is {a} multiplied by {b}?",
          "How much is {a} multiplied by {b}?",
          "What do you get when you multiply {a} by {b}?",
          "What do you get if you multiply {a} and {b}?",
          "Can you multiply {a} by {b}?");

  private static final List<String> MUL_AR =
      List.of(
          "اضرب {a} في {b}",
          "اضرب العدد {a} في {b}",
          "ما حاصل ضرب {a} في {b}؟",
          "ما هو حاصل ضرب {a} في {b}؟",
          "ما حاصل ضرب {a} و{b}؟",
          "كم حاصل ضرب {a} في {b}؟",
          "احسب حاصل ضرب {a} في {b}",
          "أوجد حاصل ضرب {a} في {b}",
          "ما ناتج ضرب {a} في {b}؟",
          "ما هو ناتج ضرب {a} في {b}؟",
          "احسب ناتج ضرب {a} في {b}",
          "أوجد ناتج ضرب {a} في {b}",
          "ما جداء {a} و{b}؟",
          "حاصل ضرب {a} في {b}",
          "إذا ضربنا {a} في {b} فكم الناتج؟");

  private static final List<String> DIV_EN =
      List.of(
          "Divide {a} by {b}",
          "Divide {a} by {b}.",
          "divide {a} into {b} equal parts",
          "What is the quotient of {a} and {b}?",
          "Find the quotient of {a} and {b}.",
          "Calculate the quotient of {a} and {b}",
          "quotient of {a} and {b}",
          "What is {a} divided by {b}?",
          "How much is {a} divided by {b}?",
          "What do you get when you divide {a} by {b}?",
          "What do you get if you divide {a} by {b}?",
          "Split {a} into {b} equal parts.",
          "How many times does {b} go into {a}?",
          "How many times does {b} fit into {a}?",
          "Can you divide {a} by {b}?");

  private static final List<String> DIV_AR =
      List.of(
          "اقسم {a} على {b}",
          "اقسم العدد {a} على {b}",
          "ما ناتج قسمة {a} على {b}؟",
          "ما هو ناتج قسمة {a} على {b}؟",
          "كم ناتج قسمة {a} على {b}؟",
          "ما حاصل قسمة {a} على {b}؟",
          "ما خارج قسمة {a} على {b}؟",
          "احسب ناتج قسمة {a} على {b}",
          "احسب خارج قسمة {a} على {b}",
          "أوجد ناتج قسمة {a} على {b}",
          "أوجد خارج قسمة {a} على {b}",
          "قسمة {a} على {b}",
          "وزع {a} على {b}",
          "إذا قسمنا {a} على {b} فكم الناتج؟",
          "كم مرة يوجد {b} في {a}؟");
}
