package burhan.train;

import java.util.List;

/**
 * One micro-batch: documents laid one behind the other in a single row of tokens. Every layer but
 * attention sees only that row; attention works on groups of documents of equal padded length, so
 * that documents do not see each other and short ones do not pay for long ones.
 *
 * <p>Shapes: N tokens in the row, padding included.
 *
 * @param tokens [N] token ids
 * @param nextTokens [N] the token after each, 0 where none; input of the MTP layer
 * @param positions [N] position within its document
 * @param document [N] number of the document, -1 for padding
 * @param targets [N] token to predict, -1 where no loss is taken
 * @param mtpTargets [N] token after that, -1 where no loss is taken
 * @param groups runs of equally long documents, covering the row
 * @param lengths tokens of each document, padding not counted
 */
record PackedBatch(
    int[] tokens,
    int[] nextTokens,
    int[] positions,
    int[] document,
    int[] targets,
    int[] mtpTargets,
    List<Group> groups,
    int[] lengths) {

  /**
   * @param documents how many
   * @param length padded length of each
   */
  record Group(int documents, int length) {
    int rows() {
      return documents * length;
    }
  }

  int rows() {
    return tokens.length;
  }
}
