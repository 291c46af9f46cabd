#!/bin/sh
# Builds harness.elf into the folder given, or beside this script, with the compiler's version in harness.elf.txt.
# Nothing in the result depends on the machine or the folder, so that the same compiler builds the same bytes.
set -eu
source=$(cd "$(dirname "$0")" && pwd)
mkdir -p "${1:-$source}"
output=$(cd "${1:-$source}" && pwd)
compiler=${CC:-aarch64-linux-gnu-gcc}

# A relative name: the symbol table holds the name of the source as it is given here.
cd "$source"
"$compiler" -O2 -std=gnu11 -Wall -Wextra -Werror -g0 -fno-ident -march=armv8-a -mgeneral-regs-only \
    -ffreestanding -fno-pie -no-pie -fno-stack-protector -fno-asynchronous-unwind-tables \
    -nostdlib -static -Wl,--build-id=none -Wl,-z,max-page-size=4096 -Wl,-z,noexecstack \
    -o "$output/harness.elf" harness.c
"$compiler" --version | head -n 1 > "$output/harness.elf.txt"
"$compiler" -Wl,--version 2>/dev/null | head -n 1 >> "$output/harness.elf.txt"
# qemu-aarch64 wants the mode of a program.
chmod 755 "$output/harness.elf"
