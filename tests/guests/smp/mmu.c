// Stage 1: an identity map in blocks of 2 MiB.
#include "platform.h"

#define ENTRIES 512
#define BLOCK 0x200000ul
#define RAM 0x40000000ul

#define DESCRIPTOR_BLOCK 1ul
#define DESCRIPTOR_TABLE 3ul
#define ATTRIBUTE_NORMAL (0ul << 2)
#define ATTRIBUTE_DEVICE (1ul << 2)
#define EL0 (1ul << 6)
#define READ_ONLY (1ul << 7)
#define INNER_SHAREABLE (3ul << 8)
#define ACCESSED (1ul << 10)
#define PXN (1ul << 53)
#define UXN (1ul << 54)

static __attribute__((aligned(4096))) uint64_t level1[ENTRIES];
static __attribute__((aligned(4096))) uint64_t devices[ENTRIES];
static __attribute__((aligned(4096))) uint64_t ram[ENTRIES];

void mmu_fill(void)
{
    const uint64_t device = DESCRIPTOR_BLOCK | ATTRIBUTE_DEVICE | ACCESSED | PXN | UXN;
    const uint64_t normal = DESCRIPTOR_BLOCK | ATTRIBUTE_NORMAL | INNER_SHAREABLE | ACCESSED;

    devices[GICD / BLOCK] = (GICD & -BLOCK) | device;
    devices[UART / BLOCK] = UART | device;
    ram[1] = (RAM + 1 * BLOCK) | normal | UXN;
    ram[2] = (RAM + 2 * BLOCK) | normal | EL0 | READ_ONLY | PXN;
    ram[3] = (RAM + 3 * BLOCK) | normal | EL0 | PXN | UXN;
    level1[0] = (uint64_t)devices | DESCRIPTOR_TABLE;
    level1[1] = (uint64_t)ram | DESCRIPTOR_TABLE;
}

void mmu_enable(void)
{
    uint64_t features;

    asm volatile("mrs %0, id_aa64mmfr0_el1" : "=r"(features));
    const uint64_t implemented = features & 0xf;
    const uint64_t physical_size = implemented > 5 ? 5 : implemented;

    const uint64_t attributes = 0xff | 0x04 << 8;
    const uint64_t control = 25               // T0SZ: addresses of 39 bits, the walk starts at level 1
        | 1ul << 8 | 1ul << 10 | 3ul << 12    // walks: write-back, write-allocate, inner shareable
        | 1ul << 23                           // EPD1: nothing in the upper half
        | physical_size << 32;
    const uint64_t system = 0x30d00800        // the bits that are RES1
        | 1 << 0 | 1 << 2 | 1 << 3 | 1 << 12; // MMU, data cache, stack alignment check, instruction cache

    asm volatile(
        "msr mair_el1, %0\n\t"
        "msr tcr_el1, %1\n\t"
        "msr ttbr0_el1, %2\n\t"
        "dsb sy\n\t"
        "isb\n\t"
        "tlbi vmalle1\n\t"
        "ic iallu\n\t"
        "dsb nsh\n\t"
        "isb\n\t"
        "msr sctlr_el1, %3\n\t"
        "isb"
        :
        : "r"(attributes), "r"(control), "r"(level1), "r"(system)
        : "memory");
}
