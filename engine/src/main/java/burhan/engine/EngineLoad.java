package burhan.engine;

/**
 * What an engine is busy with, at one moment.
 *
 * @param running sequences that step together
 * @param waiting requests in line
 * @param cacheBytes promised to the running ones
 * @param cacheBytesLimit what may be promised
 */
public record EngineLoad(int running, int waiting, long cacheBytes, long cacheBytesLimit) {}
