package burhan.hub;

import java.util.List;

/**
 * What a pull consists of.
 *
 * @param name as asked for
 * @param commit that the revision stands for
 * @param license as the repository's card says; may be empty
 * @param files of the model
 * @param totalBytes of all of them
 * @param hereBytes of them in the cache already, parts of files included
 */
public record PullPlan(
    HubName name,
    String commit,
    String license,
    List<RepoFile> files,
    long totalBytes,
    long hereBytes) {}
