package burhan.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The jar that the launcher rewrites: it holds nothing old afterwards, and Java accepts it all. */
class NewerClassFilesTest {
  @TempDir Path folder;

  @Test
  void everyClassOfPicocliIsNewAndPassesTheVerifier() throws Exception {
    Path original =
        Path.of(CommandLine.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path jar = folder.resolve("picocli.jar");
    Files.copy(original, jar);
    assertTrue(NewerClassFiles.rewrite(jar) > 100);
    assertEquals(0, NewerClassFiles.rewrite(jar));
    try (ZipFile zip = new ZipFile(jar.toFile());
        URLClassLoader loader =
            new URLClassLoader(
                new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
      int seen = 0;
      for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
        String name = all.nextElement().getName();
        if (name.endsWith(".class") && name.startsWith("picocli/") && !name.contains("groovy")) {
          assertVerified(loader, name);
          seen++;
        }
      }
      assertTrue(seen > 100, () -> "only a few classes in " + original);
    }
  }

  /** Linking verifies; loading alone would not. */
  private static void assertVerified(ClassLoader loader, String name) {
    String type = name.substring(0, name.length() - ".class".length()).replace('/', '.');
    try {
      Class.forName(type, true, loader);
    } catch (VerifyError e) {
      throw new AssertionError(type, e);
    } catch (ClassNotFoundException | NoClassDefFoundError e) {
      // Bridges to jline 2 and to Groovy, which are not there.
      assertFalse(type.startsWith("picocli.CommandLine"), type);
    }
  }
}
