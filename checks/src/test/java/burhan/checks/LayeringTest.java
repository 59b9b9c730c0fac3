package burhan.checks;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.ObjectInputStream;
import java.net.DatagramSocket;
import java.net.Socket;
import java.net.URL;
import java.net.URLConnection;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The map in docs/architecture.md as rules: an arrow that is not listed here does not build. */
class LayeringTest {
  /** Module, and the modules it may use directly; what those may use it may use as well. */
  private static final Map<String, List<String>> MAY_USE = new LinkedHashMap<>();

  static {
    MAY_USE.put("tensor", List.of());
    MAY_USE.put("assembler", List.of());
    MAY_USE.put("kernel", List.of("tensor", "assembler"));
    MAY_USE.put("checkpoint", List.of("kernel"));
    MAY_USE.put("token", List.of("checkpoint"));
    MAY_USE.put("nn", List.of("kernel"));
    MAY_USE.put("model", List.of("nn", "checkpoint"));
    MAY_USE.put("hub", List.of("token"));
    MAY_USE.put("engine", List.of("model", "token"));
    MAY_USE.put("api", List.of("engine", "hub"));
    MAY_USE.put("task", List.of("token"));
    MAY_USE.put("bench", List.of("engine"));
    MAY_USE.put("train", List.of("engine", "task", "bench"));
    MAY_USE.put("eval", List.of("engine", "task"));
    MAY_USE.put("server", List.of("api"));
    MAY_USE.put("cli", List.of("api", "bench", "train", "eval", "server"));
  }

  private static JavaClasses classes;

  @BeforeAll
  static void read() {
    classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("burhan");
  }

  private static Set<String> reachable(String module) {
    Set<String> all = new TreeSet<>(Set.of(module));
    for (String next : MAY_USE.get(module)) {
      all.addAll(reachable(next));
    }
    return all;
  }

  private static String moduleOf(JavaClass type) {
    return type.getPackageName().substring("burhan.".length());
  }

  @Test
  void everyPackageIsAModuleOfTheMapAndUsesOnlyWhatTheMapAllows() {
    Set<String> seen = new TreeSet<>();
    classes.forEach(type -> seen.add(moduleOf(type)));
    seen.remove("checks");
    assertTrue(MAY_USE.keySet().containsAll(seen), "modules that the map lacks: " + seen);
    assertTrue(seen.size() >= 5, "classes were found: " + seen);
    for (String module : seen) {
      Set<String> allowed = reachable(module);
      noClasses()
          .that()
          .resideInAPackage("burhan." + module)
          .should()
          .dependOnClassesThat(
              DescribedPredicate.describe(
                  "are of a module outside " + allowed,
                  type ->
                      type.getPackageName().startsWith("burhan.")
                          && !allowed.contains(moduleOf(type))))
          .check(classes);
    }
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("burhan.(*)..").should().beFreeOfCycles().check(classes);
  }

  @Test
  void specialPowersStayWhereTheyBelong() {
    only("kernel", "jdk.incubator..");
    only("train", "org.bytedeco..");
    only("cli", "picocli..", "org.jline..");
  }

  /** Nothing goes out but through the hub: no HTTP client, no socket, no address that is opened. */
  @Test
  void nothingButTheHubConnects() {
    only("hub", "java.net.http..", "javax.net..");
    noClasses()
        .that()
        .resideOutsideOfPackage("burhan.hub")
        .should()
        .dependOnClassesThat()
        .areAssignableTo(Socket.class)
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(SocketChannel.class)
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(AsynchronousSocketChannel.class)
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(DatagramChannel.class)
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(DatagramSocket.class)
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(URLConnection.class)
        .orShould()
        .callMethod(URL.class, "openStream")
        .orShould()
        .callMethod(URL.class, "openConnection")
        .check(classes);
  }

  private static void only(String module, String... packages) {
    noClasses()
        .that()
        .resideOutsideOfPackage("burhan." + module)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages)
        .allowEmptyShould(true)
        .check(classes);
  }

  @Test
  void nothingButTheCommandPrintsOrExits() {
    noClasses()
        .that()
        .resideOutsideOfPackages("burhan.cli", "burhan.checks")
        .should()
        .accessField(System.class, "out")
        .orShould()
        .callMethod(System.class, "exit", int.class)
        .check(classes);
  }

  @Test
  void noModelFileIsEverDeserialisedByJava() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .areAssignableTo(ObjectInputStream.class)
        .check(classes);
  }

  @Test
  void namesSaySomething() {
    noClasses()
        .that()
        .resideInAPackage("burhan..")
        .should()
        .haveNameMatching(
            ".*\\.(Abstract|Base)[A-Z]\\w*|.*(Manager|Helper|Utils?|Impl|Service|Handler)")
        .check(classes);
  }
}
