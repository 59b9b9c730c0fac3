package burhan.task;

import java.util.List;

/**
 * The English settings and their sentences; {@link StoryText} says what the slots mean. A table.
 */
final class EnglishStories {
  private EnglishStories() {}

  static final List<Theme> THEMES =
      Theme.table(
          """
          == things | object+food | 999
          SET: {N} [has|had] {#}.
          SET: {N} [finds|found] {#}.
          SET: {N} [buys|bought] {#}.
          SET: {N} [collects|collected] {#}.
          SET: {N} [owns|owned] {#}.
          SET: {N} [starts|started] with {#}.
          ~SET: {N} [keeps|kept] {#} at home.
          PRODUCT: {N} [has|had] {#c} with {#} in each {c}.
          PRODUCT: {N} [has|had] {#c}. Each {c} [holds|held] {#}.
          PRODUCT: {N} [buys|bought] {#c} of {n} {noun} each.
          SET GAIN: {N} [has|had] {#} and [gets|got] {n} more.
          SET LOSE: {N} [has|had] {#} and [gives|gave] away {n}.
          GAIN: {He} [buys|bought] {n} more.
          GAIN: {He} [buys|bought] {n} more {noun}.
          GAIN: {He} [gets|got] {n} more.
          GAIN: {He} [finds|found] {n} more {noun}.
          GAIN: {F} [gives|gave] {him} {n} more.
          GAIN: {F} [gives|gave] {him} {n} more {noun}.
          GAIN: Then {he} [receives|received] {n} more.
          GAIN: Later {he} [picks|picked] up {n} more.
          GAIN: {He} [wins|won] {n} more in a game.
          GAIN: {His} mother [gives|gave] {him} {n} {noun}.
          ~GAIN: {His} uncle [brings|brought] {him} {n} more {noun}.
          LOSE: {He} [gives|gave] {n} to {F}.
          LOSE: {He} [gives|gave] {n} {noun} to {F}.
          LOSE: {He} [gives|gave] {F} {n} of them.
          LOSE: {He} [loses|lost] {n}.
          LOSE: {He} [loses|lost] {n} of them.
          LOSE: {He} [sells|sold] {n}.
          LOSE: Then {he} [sells|sold] {n} {noun}.
          LOSE: {He} [gives|gave] away {n}.
          LOSE: Later {he} [drops|dropped] {n} of them.
          LOSE: {n} of them [break|broke].
          ~LOSE: {His} sister [takes|took] {n} of them.
          GAIN_PRODUCT: {He} [buys|bought] {#c} with {#} in each.
          GAIN_PRODUCT: Then {he} [gets|got] {#c} of {n} {noun} each.
          LOSE_PRODUCT: {He} [gives|gave] {n} {noun} to each of {n} friends.
          DOUBLE: Then the number [doubles|doubled].
          HALF: {He} [gives|gave] half of them to {F}.
          HALF: {He} [sells|sold] half of them.
          OTHER: {M} [has|had] {#}.
          OTHER: {M} [has|had] {n}.
          OTHER_MORE: {M} [has|had] {n} more {noun} than {N}.
          OTHER_MORE: {M} [has|had] {n} more than {N}.
          OTHER_FEWER: {M} [has|had] {n} fewer {noun} than {N}.
          OTHER_FEWER: {M} [has|had] {n} fewer than {N}.
          OTHER_TIMES: {M} [has|had] {n} times as many.
          OTHER_TIMES: {M} [has|had] {n} times as many {nouns} as {N}.
          OTHER_DOUBLE: {M} [has|had] twice as many.
          OTHER_DOUBLE: {M} [has|had] twice as many {nouns} as {N}.
          OTHER_HALF: {M} [has|had] half as many.
          ASK: How many {nouns} does {he} have now?
          ASK: How many {nouns} does {N} have now?
          ASK: How many {nouns} does {he} have?
          ASK: How many does {he} have now?
          ASK: How many {nouns} does {he} have in total?
          ASK: How many {nouns} does {N} have altogether?
          ~ASK: What is the number of {nouns} that {N} has now?
          LOSE ASK: {He} [gives|gave] {n} to {F}. How many {nouns} are left?
          LOSE ASK: {He} [sells|sold] {n} {noun}. How many are left?
          LOSE ASK: {He} [loses|lost] {n} of them. How many {nouns} does {he} still have?
          ASK_OTHER: How many {nouns} does {M} have?
          ASK_OTHER: How many does {M} have?
          ASK_TOTAL: How many {nouns} do they have together?
          ASK_TOTAL: How many {nouns} do {N} and {M} have together?
          ASK_TOTAL: How many do they have in all?
          ASK_TOTAL: How many {nouns} do they have altogether?
          ASK_MORE: How many more {nouns} does {N} have than {M}?
          ASK_FEWER: How many fewer {nouns} does {N} have than {M}?
          ASK_FEWER: How many more {nouns} does {M} have than {N}?
          SPLIT ASK: {He} [shares|shared] them equally among {#p}. How many does each one get?
          SPLIT ASK: {He} [puts|put] them equally into {#c}. How many {nouns} are in each {c}?
          SPLIT ASK: {He} [divides|divided] them equally among {n} friends. How many {nouns} does each friend get?
          == shop | object+food | 99
          SET: {One} costs {$}.
          SET: The price of {one} is {$}.
          SET: {N} [pays|paid] {$} for {one}.
          TIMES ASK: {N} [buys|bought] {#}. How much does {he} pay?
          TIMES ASK: How much do {#} cost?
          TIMES ASK: What is the price of {#}?
          TIMES: {N} [buys|bought] {n} of them.
          TIMES: {N} [buys|bought] {#}.
          FROM ASK: {He} [pays|paid] with {$}. How much change does {he} get?
          FROM ASK: {N} [has|had] {$}. How much money is left?
          GAIN: {He} also [buys|bought] a bag for {$}.
          GAIN: The delivery [costs|cost] {$}.
          LOSE: {He} [gets|got] a discount of {$}.
          ASK: How much does {he} pay in total?
          ASK: How much does {he} pay?
          == money | - | 999
          SET: {N} [has|had] {$}.
          SET: {N} [saves|saved] {$}.
          SET: {N} [earns|earned] {$}.
          PRODUCT: {N} [earns|earned] {$} a day for {n} days.
          PRODUCT: {N} [saves|saved] {$} every week for {n} weeks.
          GAIN: {He} [earns|earned] {$} more.
          GAIN: {His} father [gives|gave] {him} {$}.
          GAIN: {F} [gives|gave] {him} {$}.
          GAIN: Then {he} [saves|saved] {$} more.
          LOSE: {He} [spends|spent] {$}.
          LOSE: {He} [spends|spent] {$} on food.
          LOSE: {He} [pays|paid] {$} for a ticket.
          LOSE: {He} [gives|gave] {$} to {F}.
          ~LOSE: {He} [lends|lent] {$} to {F}.
          HALF: {He} [spends|spent] half of it.
          OTHER: {M} [has|had] {$}.
          OTHER_MORE: {M} [has|had] {$} more than {N}.
          OTHER_FEWER: {M} [has|had] {$} less than {N}.
          OTHER_TIMES: {M} [has|had] {n} times as much.
          OTHER_DOUBLE: {M} [has|had] twice as much.
          ASK: How much money does {he} have now?
          ASK: How many {$s} does {he} have?
          ASK: How much money does {N} have?
          ASK_TOTAL: How much money do they have together?
          ASK_OTHER: How much money does {M} have?
          ASK_MORE: How many {$s} more does {N} have than {M}?
          ASK_FEWER: How many {$s} less does {N} have than {M}?
          == ages | - | 60
          SET: {N} is {n} years old.
          GAIN ASK: How old will {he} be in {n} years?
          LOSE ASK: How old was {he} {n} years ago?
          OTHER: {M} is {n} years old.
          OTHER_MORE: {M} is {n} years older than {N}.
          OTHER_FEWER: {M} is {n} years younger than {N}.
          OTHER_TIMES: {M} is {n} times as old as {N}.
          OTHER_DOUBLE: {M} is twice as old.
          OTHER_HALF: {M} is half as old.
          ASK_OTHER: How old is {M}?
          ASK_TOTAL: What is the sum of their ages?
          ASK_TOTAL: How old are they together?
          ASK_MORE: How many years older is {N} than {M}?
          ASK_FEWER: How many years younger is {N} than {M}?
          == walk | - | 300
          SET: {N} [walks|walked] {n} kilometers.
          SET: {N} [runs|ran] {n} kilometers.
          SET: {N} [rides|rode] {n} kilometers on the first day.
          PRODUCT: {N} [runs|ran] {n} kilometers a day for {n} days.
          PRODUCT: {N} [walks|walked] {n} kilometers every day for {n} days.
          GAIN: Then {he} [walks|walked] {n} kilometers more.
          GAIN: Then {he} [runs|ran] {n} more kilometers.
          GAIN: The next day {he} [rides|rode] {n} kilometers.
          ASK: How many kilometers is that in total?
          ASK: How far does {he} go in total?
          OTHER: {M} [goes|went] {n} kilometers.
          OTHER_MORE: {M} [goes|went] {n} kilometers farther.
          OTHER_DOUBLE: {M} [goes|went] twice as far.
          ASK_TOTAL: How many kilometers is that together?
          ASK_OTHER: How far does {M} go?
          ASK_MORE: How many kilometers farther does {N} go?
          == drive | - | 300
          SET: {N} [drives|drove] {n} kilometers in the morning.
          SET: A train [goes|went] {n} kilometers.
          PRODUCT: {N} [drives|drove] for {n} hours at {n} kilometers per hour.
          PRODUCT: A car [goes|went] {n} kilometers per hour for {n} hours.
          PRODUCT: A bus [goes|went] {n} kilometers an hour for {n} hours.
          GAIN: The rest of the way is {n} kilometers.
          GAIN: In the evening it is {n} kilometers more.
          ASK: How many kilometers is that in total?
          ASK: How far is that?
          == bus | - | 99
          SET: There [are|were] {n} people on a bus.
          SET: A bus [starts|started] with {n} passengers.
          SET: A train [carries|carried] {n} people.
          GAIN: At a stop {n} more [get|got] on.
          GAIN: Then {n} people [get|got] on.
          LOSE: At a stop {n} [get|got] off.
          LOSE: Then {n} people [get|got] off.
          LOSE: At the next stop {n} passengers [leave|left].
          ASK: How many people are on it now?
          ASK: How many people are there now?
          == reading | - | 300
          SET: A book has {n} pages.
          SET: {N} has a book of {n} pages.
          LOSE: {N} [reads|read] {n} pages on Monday.
          LOSE: {He} [reads|read] {n} pages on the first day.
          LOSE: Then {he} [reads|read] {n} pages.
          LOSE ASK: {N} has read {n} pages. How many pages are left?
          ASK: How many pages are left?
          == pages | - | 99
          PRODUCT: {N} [reads|read] {n} pages a day for {n} days.
          SET: {N} [reads|read] {n} pages.
          GAIN: Then {he} [reads|read] {n} more pages.
          GAIN: The next day {he} [reads|read] {n} pages.
          ASK: How many pages is that?
          ASK: How many pages is that in total?
          == farm | animal | 300
          SET: A farmer [has|had] {#}.
          SET: There {is} {#} on a farm.
          SET: {N} [keeps|kept] {#} on a farm.
          PRODUCT: A farm [has|had] {n} fields with {#} in each field.
          GAIN: {n} more [are|were] born.
          GAIN: The farmer [buys|bought] {n} more {noun}.
          LOSE: The farmer [sells|sold] {n} of them.
          LOSE: {n} {noun} [run|ran] away.
          DOUBLE: Then their number [doubles|doubled].
          ASK: How many {nouns} are there now?
          ASK: How many {nouns} are on the farm now?
          SPLIT ASK: They [live|lived] in {n} stables, the same number in each. How many {nouns} are in each stable?
          == store | object+food | 999
          SET: There {is} {#} in a {c}.
          SET: A shop [has|had] {#}.
          SET: A {c} [holds|held] {#}.
          PRODUCT: There {is} {#c} with {#} in each.
          PRODUCT: A shop [has|had] {#c}. There are {#} in each {c}.
          PRODUCT: There [are|were] {n} rows of {n} {noun}.
          GAIN: {N} [puts|put] {n} more {noun} in.
          GAIN: {N} [adds|added] {n} {noun}.
          LOSE: {N} [takes|took] {n} {noun} out.
          LOSE: {N} [takes|took] {n} of them.
          LOSE: {n} {noun} [are|were] sold.
          ASK: How many {nouns} are there now?
          ASK: How many {nouns} are there?
          ASK: How many {nouns} are there in total?
          LOSE ASK: {N} [takes|took] {n} {noun}. How many {nouns} are left?
          SPLIT ASK: {#p} share them equally. How many {nouns} does each get?
          SPLIT ASK: They are packed equally into {#c}. How many {nouns} are in each {c}?
          == class | people | 99
          SET: There {is} {#} in a room.
          SET: There {is} {#} in a park.
          PRODUCT: There [are|were] {n} teams of {#} each.
          PRODUCT: There [are|were] {n} tables with {#} at each table.
          GAIN: {n} more [arrive|arrived].
          GAIN: Then {n} more {noun} [come|came].
          LOSE: {n} of them [leave|left].
          LOSE: Then {n} {noun} [go|went] home.
          ASK: How many {nouns} are there now?
          ASK: How many {nouns} are there?
          SPLIT ASK: They [form|formed] {n} equal groups. How many {nouns} are in each group?
          """);
}
