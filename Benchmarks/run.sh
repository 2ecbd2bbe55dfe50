#!/usr/bin/env bash
# Measures the library and the installed peers on the same workloads, in turn in one run, twice, on one
# and two threads, and prints a table, which stays in results/table.md.
#
#   ./run.sh [small] [large] [functions] [derivatives] [graph] [kernels] [process] [memory]
#
# TORCH_PYTHON, JAX_PYTHON and TENSORFLOW_PYTHON name Python interpreters that have the peers; those
# without are left out. ROUNDS and THREADS may be set. Nothing else should run meanwhile.
set -euo pipefail
cd "$(dirname "$0")"
results=${RESULTS:-results}
mkdir -p "$results"
rm -f "$results"/*.jsonl "$results/table.md"
# Some environments ask libraries for older instructions than the processor has, or keep Python from
# storing its byte code.
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE PYTHONDONTWRITEBYTECODE

static=
if [ "$(uname)" = Linux ]; then static=--static-swift-stdlib; fi
${BUILD:-} swift build -c release $static >&2
ours=.build/release/Benchmarks

parts=("$@")
[ $# -gt 0 ] || parts=(small large functions derivatives graph kernels process memory)

# measured SIDE THREADS COMMAND…: runs one side; a failure is reported, and ends the run.
measured() {
  local side=$1 threads=$2
  shift 2
  local pin=()
  if [ "$threads" = 1 ] && command -v taskset >/dev/null; then pin=(taskset -c 0); fi
  echo "$side, $threads threads: ${*:$#}" >&2
  "${pin[@]}" "$@" >>"$results/$side.jsonl" 2>>"$results/errors.txt" ||
    { tail -n 20 "$results/errors.txt" >&2; exit 1; }
}

# Peers are the faster for an allocator that does not give memory back to the system after each step.
peer() {
  local keeping=(env MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=20000000000
    MALLOC_TOP_PAD_=500000000 MALLOC_ARENA_MAX=1)
  measured "$1" "$2" "${keeping[@]}" "${@:3}"
}

first_gradients() {
  echo "ours|static|.build/release/FirstGradient"
  echo "scalars in Python|eager|$(python3 -c 'import sys; print(sys.executable)')|peers/scalar_engine.py"
  [ -z "${TORCH_PYTHON:-}" ] || echo "PyTorch|eager|$TORCH_PYTHON|-c|import torch; x = torch.tensor([1., 2, 3], requires_grad=True); (x * x).sum().backward(); print(x.grad)"
  [ -z "${JAX_PYTHON:-}" ] || echo "JAX|eager|$JAX_PYTHON|-c|import jax, jax.numpy as jnp; print(jax.grad(lambda x: (x * x).sum())(jnp.array([1., 2, 3])))"
}

run_part() {
  local part=$1 threads=$2
  measured ours "$threads" $ours "$threads" "$part"
  case $part in process) return ;; esac
  if [ -n "${TORCH_PYTHON:-}" ]; then
    peer PyTorch "$threads" "$TORCH_PYTHON" peers/torch_peer.py "$threads" "$part"
  fi
  case $part in kernels | graph) return ;; esac
  if [ -n "${JAX_PYTHON:-}" ]; then
    peer JAX "$threads" "$JAX_PYTHON" peers/jax_peer.py "$threads" "$part"
  fi
  case $part in small | derivatives) return ;; esac
  if [ -n "${TENSORFLOW_PYTHON:-}" ]; then
    peer TensorFlow "$threads" "$TENSORFLOW_PYTHON" peers/tensorflow_peer.py "$threads" "$part"
  fi
}

run_memory() {
  local threads=$1 name
  for name in mlp cnn gpt; do
    measured ours "$threads" $ours "$threads" memory "$name" eager
    measured ours "$threads" $ours "$threads" memory "$name" compiled
    [ -z "${TORCH_PYTHON:-}" ] ||
      measured PyTorch "$threads" "$TORCH_PYTHON" peers/torch_peer.py "$threads" memory "$name"
    [ -z "${JAX_PYTHON:-}" ] ||
      measured JAX "$threads" "$JAX_PYTHON" peers/jax_peer.py "$threads" memory "$name"
    [ -z "${TENSORFLOW_PYTHON:-}" ] ||
      measured TensorFlow "$threads" "$TENSORFLOW_PYTHON" peers/tensorflow_peer.py "$threads" memory "$name"
  done
}

{
  swift --version 2>/dev/null | sed -n 's/.*\(Swift version [0-9.]*\).*/\1/p'
  [ -z "${TORCH_PYTHON:-}" ] || "$TORCH_PYTHON" -c "import torch; print('PyTorch', torch.__version__)"
  [ -z "${JAX_PYTHON:-}" ] || "$JAX_PYTHON" -c "import jax; print('JAX', jax.__version__)"
  [ -z "${TENSORFLOW_PYTHON:-}" ] ||
    "$TENSORFLOW_PYTHON" -c "import tensorflow; print('TensorFlow', tensorflow.__version__)" 2>/dev/null
} >"$results/versions.txt"
FIRST_GRADIENTS=$(first_gradients)
export FIRST_GRADIENTS

for part in "${parts[@]}"; do
  for ((round = 0; round < ${ROUNDS:-2}; round++)); do
    case $part in
    memory) if [ "$round" = 0 ]; then run_memory 2; fi ;;
    graph | process) run_part "$part" 1 ;;
    *) for threads in ${THREADS:-1 2}; do run_part "$part" "$threads"; done ;;
    esac
  done
done
python3 peers/table.py "$results" | tee "$results/table.md"
