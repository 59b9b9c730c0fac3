#!/bin/sh
# Everything that made burhan-nano, on one core of an AMD EPYC (AVX2): about 1 h 30 min, 0.015 kWh at an
# estimated 10 W a core. Each command can be killed and started again; it goes on where it was.
set -eu
cd "$(dirname "$0")/.."
out=${1:-runs/out}

# 1. The shape and the tokenizer, learned from the generators' own text. Seconds.
[ -f "$out/shape/config.json" ] || ./burhan train shape "$out/shape"

# 2. Pre-training: short sums first, the whole mixture from 45 % on. 14 M tokens, 65 min, 0.011 kWh.
./burhan train pretrain --config runs/nano-pretrain.toml start="$out/shape" out="$out/pretrain"

# 3. Fine-tuning on thinking and answer alone, a tenth of it in two turns. @SFT@
./burhan train sft --config runs/nano-sft.toml start="$out/pretrain/model" out="$out/sft"

# 4. The scores of the model card. 5 min.
./burhan eval tasks -m "$out/sft/model" --count 500
./burhan eval tasks -m "$out/sft/model" --count 500 --split ood
