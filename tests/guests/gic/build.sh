#!/bin/sh
# Builds gic.elf and virtual.elf into the folder given, or beside this script, with the compiler's version in gic.elf.txt.
# Nothing in the result depends on the machine or the folder, so that the same compiler builds the same bytes.
set -eu
source=$(cd "$(dirname "$0")" && pwd)
mkdir -p "${1:-$source}"
output=$(cd "${1:-$source}" && pwd)
compiler=${CC:-aarch64-linux-gnu-gcc}

# Relative names: the symbol table holds the names of the sources as they are given here.
cd "$source"
build()
{
    "$compiler" -O2 -std=gnu11 -Wall -Wextra -Werror -g0 -fno-ident -march=armv8-a -mtune=cortex-a53 -mgeneral-regs-only -mstrict-align \
        -ffreestanding -fno-pie -no-pie -fno-stack-protector -fno-asynchronous-unwind-tables \
        -nostdlib -static -Wl,--build-id=none -Wl,-z,max-page-size=4096 -Wl,-z,noexecstack -Wl,-T,link.ld "$@"
}

build -o "$output/gic.elf" start.S main.c print.c
build -Wl,-e,from_el2 -o "$output/virtual.elf" drop.S start.S virtual.c print.c
chmod 644 "$output/gic.elf" "$output/virtual.elf"
"$compiler" --version | head -n 1 > "$output/gic.elf.txt"
"$compiler" -Wl,--version 2>/dev/null | head -n 1 >> "$output/gic.elf.txt"
