#!/bin/sh
# Whether the plugins can be linked with musl here: it is installed, and everything that passes between the .NET runtime and the C library
# looks the same in musl as in glibc, for which the runtime's objects were compiled (abi.c). Otherwise says why, and fails.
set -u
cd "$(dirname "$0")"
if ! command -v musl-gcc >/dev/null; then
  echo "musl-gcc is not installed"
  exit 1
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if ! { cc -Wall -Wextra -Werror -o "$work/glibc" abi.c && musl-gcc -static -Wall -Wextra -Werror -o "$work/musl" abi.c; } 2>"$work/faults"; then
  echo "eng/musl/abi.c can't be compiled: $(grep -m 1 error "$work/faults")"
  exit 1
fi
"$work/glibc" > "$work/glibc.txt" && "$work/musl" > "$work/musl.txt" || { echo "eng/musl/abi.c can't be run"; exit 1; }
differences=$(diff "$work/glibc.txt" "$work/musl.txt") || { echo "musl differs from glibc: $(echo "$differences" | grep -m 2 '^[<>]' | tr '\n' ' ')"; exit 1; }
