package burhan.hub;

import java.nio.file.Path;

/**
 * A model that is in the cache.
 *
 * @param plan what it consists of
 * @param path what opens it: a folder, or the first file of a GGUF
 * @param fetchedBytes that came over the network this time
 */
public record Pulled(PullPlan plan, Path path, long fetchedBytes) {}
