// Stage 1: an identity map of what this program uses, with the smallest rights that do.
#include "platform.h"

#define ENTRIES 512
#define PAGE 0x1000ul
#define BLOCK 0x200000ul

#define DESCRIPTOR_BLOCK 1ul
#define DESCRIPTOR_TABLE 3ul
#define DESCRIPTOR_PAGE 3ul
#define ATTRIBUTE_NORMAL (0ul << 2)
#define ATTRIBUTE_DEVICE (1ul << 2)
#define READ_ONLY (1ul << 7)
#define INNER_SHAREABLE (3ul << 8)
#define ACCESSED (1ul << 10)
#define NO_EXECUTE (3ul << 53)

#define RAM_BASE 0x40000000ul

struct translation_tables
{
    uint64_t level1[ENTRIES];
    uint64_t devices[ENTRIES];
    uint64_t ram[ENTRIES];
    uint64_t image[ENTRIES];
};

__attribute__((section(".tables"), aligned(4096)))
static struct translation_tables tables;

extern char __text_start[], __text_end[], __rodata_end[], __stack_top[];

static void map_image(void)
{
    const uint64_t common = DESCRIPTOR_PAGE | ATTRIBUTE_NORMAL | INNER_SHAREABLE | ACCESSED;

    for (uint64_t address = (uint64_t)__text_start; address < (uint64_t)__stack_top; address += PAGE)
    {
        uint64_t rights = NO_EXECUTE;

        if (address < (uint64_t)__text_end)
            rights = READ_ONLY;
        else if (address < (uint64_t)__rodata_end)
            rights = READ_ONLY | NO_EXECUTE;

        tables.image[(address - RAM_BASE) / PAGE] = address | common | rights;
    }
}

void mmu_enable(void)
{
    map_image();
    tables.ram[0] = (uint64_t)tables.image | DESCRIPTOR_TABLE;
    tables.ram[1] = (RAM_BASE + BLOCK) | DESCRIPTOR_BLOCK | ATTRIBUTE_NORMAL | INNER_SHAREABLE | ACCESSED | NO_EXECUTE;
    tables.devices[UART_BASE / BLOCK] = UART_BASE | DESCRIPTOR_BLOCK | ATTRIBUTE_DEVICE | ACCESSED | NO_EXECUTE;
    tables.level1[0] = (uint64_t)tables.devices | DESCRIPTOR_TABLE;
    tables.level1[1] = (uint64_t)tables.ram | DESCRIPTOR_TABLE;

    // The tables were written with the caches off: no stale line may hide them from the walker.
    for (uint64_t line = (uint64_t)&tables; line < (uint64_t)(&tables + 1); line += 16)
        asm volatile("dc civac, %0" : : "r"(line) : "memory");

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
        "dsb ish\n\t"
        "isb\n\t"
        "tlbi vmalle1\n\t"
        "ic iallu\n\t"
        "dsb nsh\n\t"
        "isb\n\t"
        "msr sctlr_el1, %3\n\t"
        "isb"
        :
        : "r"(attributes), "r"(control), "r"(tables.level1), "r"(system)
        : "memory");
}
