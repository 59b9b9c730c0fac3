package burhan.task;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** English nouns by kind, and names. A table. */
final class EnglishWords {
  private EnglishWords() {}

  static Map<String, List<Noun>> nouns() {
    Map<String, List<Noun>> map = new HashMap<>();
    for (String line : NOUNS.lines().toList()) {
      int colon = line.indexOf(':');
      String kind = line.substring(0, colon);
      for (String entry : line.substring(colon + 1).split(",", -1)) {
        map.computeIfAbsent(kind, k -> new ArrayList<>()).add(noun(entry.strip(), kind));
      }
    }
    return map;
  }

  /** {@code knife/knives} or a regular noun alone. */
  private static Noun noun(String entry, String kind) {
    int slash = entry.indexOf('/');
    return slash < 0
        ? new Noun(entry, plural(entry), false, kind)
        : new Noun(entry.substring(0, slash), entry.substring(slash + 1), false, kind);
  }

  static String plural(String noun) {
    if (noun.endsWith("y") && "aeiou".indexOf(noun.charAt(noun.length() - 2)) < 0) {
      return noun.substring(0, noun.length() - 1) + "ies";
    }
    boolean hisses =
        noun.endsWith("s") || noun.endsWith("x") || noun.endsWith("ch") || noun.endsWith("sh");
    return noun + (hisses ? "es" : "s");
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
      "Sara Anna Emma Olivia Mia Lily Grace Ella Zoe Ruby Alice Lucy Chloe Nora Layla Maya Leila Amina"
          + " Fatima Huda Salma Dina Rania Noor Mary Jane Kate Laura Julia Helen Rose Clara Eva Nina"
          + " Hannah Sophie Emily Diana Linda Susan Karen Betty Carol Amy Rachel Maria Yasmin Mona"
          + " Priya Mei";
  private static final String MEN =
      "Tom Ben Sam Max Leo Jack Adam Noah Liam Omar Ali Ahmed Hassan Karim Khalid Yusuf Samir Tariq"
          + " Ravi Ken John Paul Peter Mark David James Daniel Henry Oscar Felix Hugo Ivan Simon Eric"
          + " Victor Bruno Carlos Diego George Frank Kevin Brian Jason Ryan Ethan Lucas Oliver Bilal"
          + " Hamza Wei";

  private static final String NOUNS =
      """
      object:book,pencil,pen,marble,sticker,stamp,coin,card,toy,balloon,button,bead,shell,stone,photo,key,cup,plate,spoon,fork,bottle,candle,flower,rose,notebook,crayon,brush,ribbon,badge,magnet,puzzle,kite,ball,doll,poster,postcard,letter,envelope,ticket,token,medal,feather,pebble,block,brick,nail,screw,towel,sock,shirt,hat,scarf/scarves,ring,glove,mask,lamp,mug,tile,map,magazine,comic,disc,game,whistle,bell,toy car,paintbrush,eraser,ruler,knife/knives,leaf/leaves,glass,watch
      object:pillow,blanket,curtain,mirror,clock,vase,chair,table,bench,stool,umbrella,wallet,purse,belt,coat,jacket,dress,skirt,sweater,shoe,boot,cap,necklace,bracelet,diamond,pearl,jewel,trophy/trophies,flag,banner,drum,flute,guitar,violin,hammer,rope,ladder,shovel,rake,seed,plant,tulip,daisy/daisies,sunflower,pine cone,acorn,log,plank,wheel,tire,battery/batteries,bulb,cable,phone,camera,tablet,radio,speaker,helmet,racket,bat,net,puck,dart,skateboard,scooter,bicycle,sled,tent,lantern,flashlight,compass,telescope,dictionary/dictionaries,diary/diaries,folder,file,calendar,painting,drawing,sketch,statue,figurine,robot,puppet,teddy bear,domino/dominoes,chess piece,sponge,soap bar,comb,toothbrush,bandage,mop,broom,hanger,thimble,needle,pin,zipper,stencil,chalk stick,marker,glue stick,stapler,paper clip,rubber band,keychain,souvenir,fan,kettle,pot,pan,jug,saucer,napkin,straw,teacup
      food:apple,orange,banana,lemon,peach,pear,plum,mango/mangoes,cookie,candy,cake,muffin,egg,tomato/tomatoes,potato/potatoes,carrot,onion,cherry,strawberry,grape,fig,date,olive,nut,almond,sandwich,pancake,donut,biscuit,chocolate,cupcake,sweet,bun,roll,walnut,melon,cucumber,pepper,apricot,lime
      food:pie,pizza,burger,waffle,pretzel,cracker,lollipop,brownie,tart,bagel,croissant,dumpling,meatball,sausage,radish/radishes,turnip,beet,cabbage,pumpkin,mushroom,coconut,pineapple,papaya,kiwi,raspberry,blueberry,hazelnut,peanut,chestnut,pomegranate,quince,tangerine,watermelon,jelly bean,gumdrop,loaf/loaves
      container:box,bag,basket,jar,shelf/shelves,drawer,tray,crate,bucket,pack,packet,case,cupboard,carton,sack,bowl,chest,tin,barrel,suitcase,locker,bin,pouch,cabinet,backpack,tub
      people:child/children,student,friend,boy,girl,worker,player,guest,neighbour,cousin,teacher,farmer,visitor,man/men,woman/women,person/people,dancer,singer,sailor,soldier,nurse,doctor,painter,actor,tourist,pupil,swimmer,runner,driver,baker,artist,scout,camper,customer,volunteer,baby/babies
      money:dollar,euro,pound,dirham,dinar,riyal
      animal:sheep/sheep,cow,goat,hen,duck,horse,fish/fish,rabbit,camel,goose/geese,pigeon,bee,turkey,donkey,mouse/mice,ox/oxen,calf/calves,lamb,pig,pony/ponies,foal,chick,rooster,bull,deer/deer,dog,cat,kitten,puppy/puppies,llama,swan,peacock,turtle,snail
      """;
}
