package burhan.train;

/** What a training run teaches. */
public enum Stage {
  /** Loss on every token, the question included. */
  PRETRAIN,
  /** Loss on thinking and answer only. */
  SFT
}
