package burhan.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Enumeration;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites jars whose class files are older than Java 6, as picocli's are: Java's start-up cache
 * holds none that its old verifier would have to look at. The code stays, the version and the stack
 * maps that it asks for are new. The launcher runs it once after a build; on nano's first token it
 * saves an eighth of a second.
 */
final class NewerClassFiles {
  // The version of class files since which the verifier reads stack maps, and the one written.
  private static final int FIRST_WITH_MAPS = ClassFile.JAVA_6_VERSION;
  private static final int WRITTEN = ClassFile.JAVA_8_VERSION;
  private static final int MAJOR_AT = 6; // behind the magic number and the minor version

  private NewerClassFiles() {}

  /** Rewrites each jar in place. */
  public static void main(String[] jars) throws IOException {
    for (String jar : jars) {
      rewrite(Path.of(jar));
    }
  }

  /** Rewrites one jar, which is whole at any moment; returns how many classes were older. */
  static int rewrite(Path jar) throws IOException {
    Path written = jar.resolveSibling(jar.getFileName() + ".new");
    int older = 0;
    try (ZipFile from = new ZipFile(jar.toFile());
        ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(written))) {
      ClassFile classFile = classFile(from);
      for (Enumeration<? extends ZipEntry> all = from.entries(); all.hasMoreElements(); ) {
        ZipEntry entry = all.nextElement();
        byte[] bytes = bytes(from, entry);
        if (isOlder(entry.getName(), bytes)) {
          bytes = newer(classFile, bytes);
          older++;
        }
        to.putNextEntry(new ZipEntry(entry.getName()));
        to.write(bytes);
        to.closeEntry();
      }
    }
    Files.move(written, jar, StandardCopyOption.REPLACE_EXISTING);
    return older;
  }

  static boolean isOlder(String name, byte[] bytes) {
    return name.endsWith(".class")
        && bytes.length > MAJOR_AT + 1
        && (((bytes[MAJOR_AT] & 0xFF) << 8) | (bytes[MAJOR_AT + 1] & 0xFF)) < FIRST_WITH_MAPS;
  }

  private static byte[] newer(ClassFile classFile, byte[] bytes) {
    ClassTransform code = ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL);
    ClassTransform version = ClassTransform.endHandler(built -> built.withVersion(WRITTEN, 0));
    return classFile.transformClass(classFile.parse(bytes), code.andThen(version));
  }

  /** Stack maps need the classes' relations: those of the jar itself, then those of Java. */
  private static ClassFile classFile(ZipFile jar) {
    return ClassFile.of(
        ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
        ClassFile.ClassHierarchyResolverOption.of(
            ClassHierarchyResolver.ofResourceParsing(type -> open(jar, type.descriptorString()))
                .orElse(ClassHierarchyResolver.defaultResolver())));
  }

  private static @Nullable InputStream open(ZipFile jar, String descriptor) {
    ZipEntry entry = jar.getEntry(descriptor.substring(1, descriptor.length() - 1) + ".class");
    try {
      return entry == null ? null : jar.getInputStream(entry);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] bytes(ZipFile jar, ZipEntry entry) throws IOException {
    try (InputStream in = jar.getInputStream(entry)) {
      return in.readAllBytes();
    }
  }
}
