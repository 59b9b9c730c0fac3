package burhan.kernel;

import java.util.ArrayList;
import java.util.List;

/**
 * An {@link AttentionMemory} in blocks that may be shared. Knows how many tokens a block has and
 * who holds it, not how keys and values lie in it.
 *
 * @param <B> a block
 */
abstract sealed class BlockMemory<B extends MemoryBlock> implements AttentionMemory
    permits PackedMemory, RowMemory {
  final Shape shape;
  final List<B> blocks = new ArrayList<>(); // of all layers and heads
  private final Class<B> kind;

  BlockMemory(Shape shape, Class<B> kind) {
    this.shape = shape;
    this.kind = kind;
  }

  /** An empty block. */
  abstract B newBlock();

  /** Fills a block with what another holds. */
  abstract void copy(B from, B to);

  @Override
  public final Shape shape() {
    return shape;
  }

  @Override
  public final void grow(int tokens) {
    while (blocks.size() * BLOCK_TOKENS < tokens) {
      blocks.add(newBlock());
    }
  }

  @Override
  public final MemoryBlock share(int index) {
    B block = blocks.get(index);
    block.hold();
    return block;
  }

  @Override
  public final void begin(List<MemoryBlock> shared, int tokens) {
    if (!blocks.isEmpty()) {
      throw new IllegalStateException("a memory that is in use cannot begin");
    }
    for (int i = 0; i * BLOCK_TOKENS < tokens; i++) {
      B block = kind.cast(shared.get(i));
      if ((i + 1) * BLOCK_TOKENS <= tokens) {
        block.hold();
        blocks.add(block);
      } else {
        grow(tokens);
        copy(block, blocks.get(i));
      }
    }
  }

  @Override
  public final void close() {
    blocks.forEach(MemoryBlock::close);
    blocks.clear();
  }
}
