#!/bin/sh
# Compiles the kernels for arm64 Linux and runs check.c, emulated on other processors.
# Installs nothing; without the tools it says so and succeeds.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
compiler=${CC:-clang}
sysroot=/usr/aarch64-linux-gnu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ "$(uname -s)-$(uname -m)" = Linux-aarch64 ]; then
  target=
  emulator=
else
  target="--target=aarch64-linux-gnu"
  emulator="qemu-aarch64 -L $sysroot"
  if ! command -v qemu-aarch64 >/dev/null || ! command -v aarch64-linux-gnu-gcc >/dev/null; then
    echo "skipped: no aarch64 compiler"
    exit 0
  fi
fi
if ! command -v "$compiler" >/dev/null; then
  echo "skipped: no aarch64 compiler"
  exit 0
fi

for source in "$root"/Sources/Kernels/*.c "$root"/Tests/Kernels-arm64/check.c; do
  # shellcheck disable=SC2086  # an empty target is no argument
  "$compiler" $target -O2 -Wall -Wextra -Werror -Wno-c23-extensions \
    -I"$root/Sources/Kernels/include" -c "$source" -o "$work/$(basename "$source" .c).o"
done
# The cross linker knows its own libraries; clang may not.
linker=$compiler
[ -z "$target" ] || linker=aarch64-linux-gnu-gcc
"$linker" "$work"/*.o -lpthread -lm -o "$work/check"
$emulator "$work/check"
