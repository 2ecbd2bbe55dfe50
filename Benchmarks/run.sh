#!/usr/bin/env bash
# Measures the library and the installed peers in turn in one run, twice, and prints a table.
#
#   ./run.sh [graph] [matmul] [elementwise] [training] [process]
#
# TORCH_PYTHON and JAX_PYTHON name Python interpreters that have the peers; without them they are left out.
# Nothing else should run meanwhile.
set -euo pipefail
cd "$(dirname "$0")"
swift build -c release --package-path .. >&2
swift build -c release >&2
results=${RESULTS:-results}
mkdir -p "$results"
rm -f "$results"/*.jsonl
# Some environments ask libraries for older instructions than the processor has.
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE

pin() { if command -v taskset >/dev/null; then taskset -c 0 "$@"; else "$@"; fi; }

for _ in 1 2; do
  .build/release/Benchmarks "$@" >>"$results/ours.jsonl"
  if [ -n "${TORCH_PYTHON:-}" ]; then
    "$TORCH_PYTHON" peers/torch_peer.py "$@" >>"$results/torch.jsonl"
  fi
  if [ -n "${JAX_PYTHON:-}" ]; then
    pin "$JAX_PYTHON" peers/jax_peer.py 1 "$@" >>"$results/jax.jsonl"
    "$JAX_PYTHON" peers/jax_peer.py 2 "$@" >>"$results/jax.jsonl"
  fi
done
python3 peers/table.py "$results"
