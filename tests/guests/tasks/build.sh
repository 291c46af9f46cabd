#!/bin/sh
# Builds tasks.elf into the folder given, or beside this script, with the compiler's version in tasks.elf.txt.
# Nothing in the result depends on the machine or the folder, so that the same compiler builds the same bytes.
set -eu
source=$(cd "$(dirname "$0")" && pwd)
mkdir -p "${1:-$source}"
output=$(cd "${1:-$source}" && pwd)
compiler=${CC:-aarch64-linux-gnu-gcc}

# Relative names: the symbol table holds the names of the sources as they are given here.
cd "$source"
"$compiler" -O2 -std=gnu11 -Wall -Wextra -Werror -g0 -fno-ident -march=armv8-a -mtune=cortex-a53 -mgeneral-regs-only -mstrict-align \
    -mno-outline-atomics -fno-jump-tables -fno-tree-loop-distribute-patterns \
    -ffreestanding -fno-pie -no-pie -fno-stack-protector -fno-asynchronous-unwind-tables \
    -nostdlib -static -Wl,--build-id=none -Wl,-z,max-page-size=4096 -Wl,-z,noexecstack -Wl,--no-warn-rwx-segments -Wl,-T,link.ld \
    -o "$output/tasks.elf" start.S main.c schedule.c calls.c user.c \
    ../smp/lock.c ../smp/interrupts.c ../smp/mmu.c ../smp/print.c
chmod 644 "$output/tasks.elf"
"$compiler" --version | head -n 1 > "$output/tasks.elf.txt"
"$compiler" -Wl,--version 2>/dev/null | head -n 1 >> "$output/tasks.elf.txt"
