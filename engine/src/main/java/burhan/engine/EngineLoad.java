package burhan.engine;

/**
 * What an engine is busy with, at one moment.
 *
 * @param running sequences that step together
 * @param waiting requests in line
 * @param cacheBytes promised to the running ones
 * @param prefixBytes that hold what was computed for earlier requests, and go when others need them
 * @param limitBytes of both together
 */
public record EngineLoad(
    int running, int waiting, long cacheBytes, long prefixBytes, long limitBytes) {}
