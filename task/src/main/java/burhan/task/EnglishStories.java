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
          GAIN: {He} [orders|ordered] {n} more.
          GAIN: {He} [borrows|borrowed] {n} {noun} from {F}.
          GAIN: {He} [collects|collected] {n} more {noun}.
          GAIN: {F} [hands|handed] {him} {n} {noun}.
          GAIN: {F} [sends|sent] {him} {n} more.
          GAIN: {His} teacher [gives|gave] {him} {n} {noun}.
          GAIN: For {his} birthday {he} [gets|got] {n} more {noun}.
          GAIN: Another {n} {noun} [arrive|arrived] by mail.
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
          LOSE: {He} [throws|threw] away {n}.
          LOSE: {He} [throws|threw] away {n} of them.
          LOSE: {He} [donates|donated] {n} {noun}.
          LOSE: {He} [returns|returned] {n} {noun} to the shop.
          LOSE: {He} [mails|mailed] {n} to {F}.
          LOSE: {He} [hands|handed] {n} to {F}.
          LOSE: {He} [uses|used] {n} of them.
          LOSE: {He} [leaves|left] {n} at home.
          LOSE: {F} [takes|took] {n} {noun} from {him}.
          LOSE: {F} [borrows|borrowed] {n} of them.
          LOSE: Then {he} [misplaces|misplaced] {n}.
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
          == class | people | 60
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
          == share | object+food | 999
          SET SPLIT ASK: {#} are shared equally among {#p}. How many {nouns} does each one get?
          SET SPLIT ASK: {N} [shares|shared] {#} equally among {n} friends. How many {nouns} does each friend get?
          SET SPLIT ASK: {N} [puts|put] {#} equally into {#c}. How many {nouns} are in each {c}?
          SET SPLIT ASK: {N} has {#} and puts {n} in each {c}. How many {cs} does {he} need?
          SET SPLIT ASK: {#} are packed in {cs} of {n}. How many {cs} are there?
          SET SPLIT ASK: {N} [divides|divided] {#} into {n} equal groups. How many {nouns} are in each group?
          == packs | object+food | 99
          SET TIMES ASK: A {c} holds {#}. How many {nouns} are in {#c}?
          SET TIMES ASK: There are {#} in each {c}. How many {nouns} are in {#c}?
          SET TIMES ASK: One {c} has {#}. How many {nouns} do {#c} have?
          PRODUCT ASK: {N} [has|had] {#c} of {n} {noun}. How many {nouns} is that?
          PRODUCT ASK: How many {nouns} are in {#c} of {n}?
          PRODUCT ASK: There are {#c} with {#} each. How many {nouns} are there in total?
          == prices | object+food | 99
          SET TIMES ASK: If {one} costs {$}, how much do {#} cost?
          SET TIMES ASK: {One} costs {$}. How much do {#} cost?
          PRODUCT ASK: {N} [buys|bought] {#} for {$} each. How much does {he} pay?
          PRODUCT ASK: How much do {#} cost at {$} each?
          PRODUCT FROM ASK: {N} [buys|bought] {#} for {$} each and [pays|paid] with {$}. How much change does {he} get?
          SET FROM ASK: {N} [buys|bought] {one} for {$} and [pays|paid] with {$}. How much change does {he} get?
          SET GAIN ASK: {N} [buys|bought] {one} for {$} and a drink for {$}. How much does {he} pay?
          == quick | object+food | 999
          SET GAIN ASK: {N} [has|had] {#} and [buys|bought] {n} more. How many {nouns} does {he} have now?
          SET GAIN ASK: {N} [has|had] {#} and [finds|found] {n} more. How many {nouns} does {he} have?
          SET GAIN ASK: If {N} has {#} and gets {n} more, how many {nouns} does {he} have?
          SET GAIN ASK: {N} has {#}. If {F} gives {him} {n} more, how many {nouns} will {he} have?
          SET LOSE ASK: {N} [has|had] {#} and [gives|gave] {n} to {F}. How many {nouns} are left?
          SET LOSE ASK: {N} [has|had] {#} and [loses|lost] {n}. How many are left?
          SET LOSE ASK: If {N} has {#} and gives away {n}, how many are left?
          SET LOSE ASK: {N} has {#}. If {he} gives {n} to {F}, how many {nouns} does {he} have left?
          SET OTHER ASK_TOTAL: {N} [has|had] {#} and {M} [has|had] {n}. How many {nouns} do they have together?
          SET OTHER ASK_MORE: {N} [has|had] {#} and {M} [has|had] {n}. How many more does {N} have?
          SET GAIN LOSE ASK: {N} had {#}, bought {n} more and gave away {n}. How many {nouns} are left?
          SET LOSE LOSE ASK: {N} had {#}, sold {n} and gave {n} to {F}. How many {nouns} does {he} have left?
          SET GAIN GAIN ASK: {N} found {#} on Monday, {n} on Tuesday and {n} on Friday. How many {nouns} is that in total?
          SET GAIN ASK: {N} collected {#} on Monday and {n} on Tuesday. How many {nouns} is that?
          == meals | food | 300
          SET: {N} [has|had] {#}.
          SET: {N} [buys|bought] {#}.
          SET: There {is} {#} on a plate.
          GAIN: {N} [adds|added] {n} more.
          GAIN: {F} [brings|brought] {n} more {noun}.
          LOSE: {N} [eats|ate] {n}.
          LOSE: {N} [eats|ate] {n} of them.
          LOSE: {F} [eats|ate] {n} {noun}.
          LOSE: {n} {noun} [go|went] bad.
          LOSE: The children [eat|ate] {n} of them.
          ASK: How many {nouns} are there now?
          SET LOSE ASK: {N} [has|had] {#} and [eats|ate] {n}. How many {nouns} are left?
          LOSE ASK: {F} [eats|ate] {n}. How many {nouns} are left?
          == parts | object | 99
          SET LOSE ASK: {N} has {#}. {n} of them are red and the rest are blue. How many {nouns} are blue?
          SET LOSE ASK: {N} has {#}. {n} are new and the others are old. How many {nouns} are old?
          SET GAIN ASK: {N} has {n} red {nouns} and {n} blue {nouns}. How many {nouns} does {he} have?
          SET GAIN ASK: {N} has {n} big {nouns} and {n} small ones. How many {nouns} does {he} have in all?
          == pupils | - | 60
          SET LOSE ASK: There are {n} students in a class. {n} of them are girls. How many are boys?
          SET LOSE ASK: A class has {n} students. {n} are absent today. How many are present?
          SET GAIN ASK: There are {n} girls and {n} boys in a class. How many children are there?
          PRODUCT ASK: A school has {n} classes of {n} students. How many students are there?
          == points | - | 300
          SET: {N} [scores|scored] {n} points.
          SET: {N} [has|had] {n} points.
          SET GAIN ASK: {N} [scores|scored] {n} points in the first game and {n} in the second. How many points is that?
          GAIN: In the next game {he} [scores|scored] {n} points.
          GAIN: Then {he} [wins|won] {n} more points.
          LOSE: Then {he} [loses|lost] {n} points.
          DOUBLE: Then {he} [doubles|doubled] the score.
          ASK: How many points does {he} have now?
          ASK: How many points does {N} have?
          OTHER: {M} [scores|scored] {n} points.
          OTHER_MORE: {M} [scores|scored] {n} points more.
          OTHER_FEWER: {M} [scores|scored] {n} points less.
          OTHER_DOUBLE: {M} [scores|scored] twice as many.
          ASK_TOTAL: How many points is that together?
          ASK_OTHER: How many points does {M} have?
          ASK_MORE: By how many points does {N} win?
          ASK_FEWER: By how many points does {M} win?
          == tank | - | 999
          SET: A tank [holds|held] {n} liters of water.
          SET: There [are|were] {n} liters of water in a tank.
          GAIN: Then {n} liters [are|were] added.
          GAIN: {N} [pours|poured] in {n} liters.
          LOSE: Then {n} liters [are|were] used.
          LOSE: {n} liters [leak|leaked] out.
          HALF: Half of the water [is|was] used.
          ASK: How many liters are in the tank now?
          == trees | - | 99
          SET: A garden [has|had] {n} trees.
          PRODUCT: {N} [plants|planted] {n} rows of {n} trees.
          PRODUCT: There are {n} rows with {n} trees in each row.
          GAIN: Then {n} more trees [are|were] planted.
          GAIN: {N} [plants|planted] {n} trees.
          LOSE: {n} trees [are|were] cut down.
          LOSE: {n} trees [die|died].
          ASK: How many trees are there now?
          ASK: How many trees are there?
          == recipe | - | 20
          SET TIMES ASK: One cake needs {n} eggs. How many eggs do {n} cakes need?
          SET TIMES ASK: {N} needs {n} cups of flour for one cake. How many cups do {n} cakes need?
          SET TIMES ASK: One shelf needs {n} screws. How many screws do {n} shelves need?
          SET TIMES ASK: A class has {n} lessons a day. How many lessons are there in {n} days?
          == work | - | 12
          SET TIMES ASK: {N} works {n} hours a day. How many hours does {he} work in {n} days?
          SET TIMES ASK: {N} learns {n} words every day. How many words does {he} learn in {n} days?
          PRODUCT: {N} [works|worked] {n} hours a day for {n} days.
          PRODUCT: {N} [trains|trained] {n} hours a week for {n} weeks.
          GAIN: Then {he} [works|worked] {n} more hours.
          LOSE: {He} [rests|rested] for {n} hours of that time.
          ASK: How many hours is that?
          ASK: How many hours is that in total?
          == bakery | - | 300
          SET: A bakery [bakes|baked] {n} loaves.
          PRODUCT: A bakery [bakes|baked] {n} loaves an hour for {n} hours.
          GAIN: Then it [bakes|baked] {n} more.
          LOSE: It [sells|sold] {n} loaves.
          LOSE: {n} loaves [are|were] sold in the morning.
          LOSE: {n} loaves [are|were] burnt.
          ASK: How many loaves are there now?
          LOSE ASK: It [sells|sold] {n} loaves. How many loaves are left?
          == parking | - | 99
          SET: There [are|were] {n} cars in a car park.
          SET: A car park [has|had] {n} cars in it.
          GAIN: Then {n} cars [arrive|arrived].
          GAIN: {n} more cars [come|came].
          LOSE: Then {n} cars [leave|left].
          LOSE: {n} cars [drive|drove] away.
          ASK: How many cars are there now?
          ASK: How many cars are in the car park now?
          ==~ library | - | 999
          SET: A library [has|had] {n} books.
          PRODUCT: A library [has|had] {n} shelves with {n} books on each shelf.
          GAIN: {n} books [are|were] returned.
          GAIN: The library [buys|bought] {n} new books.
          LOSE: {n} books [are|were] borrowed.
          LOSE: {n} old books [are|were] given away.
          ASK: How many books are in the library now?
          ASK: How many books does the library have now?
          ==~ cinema | - | 99
          PRODUCT: A cinema has {n} rows of {n} seats.
          PRODUCT: A theatre has {n} rows with {n} seats in each row.
          LOSE: {n} seats [are|were] sold.
          LOSE: {n} seats [are|were] broken.
          ASK: How many seats does it have?
          LOSE ASK: {n} seats [are|were] taken. How many seats are free?
          ==~ weather | - | 60
          SET: The temperature [is|was] {n} degrees.
          GAIN: Then it [rises|rose] by {n} degrees.
          LOSE: Then it [falls|fell] by {n} degrees.
          LOSE: At night it [drops|dropped] by {n} degrees.
          ASK: What is the temperature now?
          """);
}
