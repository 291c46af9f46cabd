#!/bin/sh
# Builds each kernel's .elf into the folder given, or beside this script, with the compiler's version in kernels.elf.txt.
# Nothing in the result depends on the machine or the folder, so that the same compiler builds the same bytes.
set -eu
source=$(cd "$(dirname "$0")" && pwd)
mkdir -p "${1:-$source}"
output=$(cd "${1:-$source}" && pwd)
compiler=${CC:-aarch64-linux-gnu-gcc}

# Relative names: the symbol table holds the names of the sources as they are given here.
cd "$source"
for kernel in sha256 qsort memcpy crc32 mixed; do
    "$compiler" -O2 -std=gnu11 -Wall -Wextra -Werror -g0 -fno-ident -march=armv8-a -mtune=cortex-a53 -mstrict-align \
        -ffreestanding -fno-pie -no-pie -fno-stack-protector -fno-asynchronous-unwind-tables -fno-math-errno \
        -nostdlib -static -Wl,--build-id=none -Wl,-z,max-page-size=4096 -Wl,-z,noexecstack -Wl,-T,link.ld \
        -o "$output/$kernel.elf" start.S "$kernel.c" string.c
    chmod 644 "$output/$kernel.elf"
done
"$compiler" --version | head -n 1 > "$output/kernels.elf.txt"
"$compiler" -Wl,--version 2>/dev/null | head -n 1 >> "$output/kernels.elf.txt"
