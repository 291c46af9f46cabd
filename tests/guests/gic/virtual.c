// Fills list registers as EL2 does, and takes and ends their interrupts as a guest does: one program at EL1 does both, because both only access registers. What is printed is
// the same on every exact implementation with four list registers; UNPREDICTABLE uses do not occur.
#include "platform.h"

#define GICD_ISPENDR(n) (GICD + 0x200 + 4 * (n))
#define GICD_ISACTIVER(n) (GICD + 0x300 + 4 * (n))

#define GICH_HCR (GICH + 0x00)
#define GICH_VTR (GICH + 0x04)
#define GICH_VMCR (GICH + 0x08)
#define GICH_MISR (GICH + 0x10)
#define GICH_EISR(n) (GICH + 0x20 + 4 * (n))
#define GICH_ELRSR(n) (GICH + 0x30 + 4 * (n))
#define GICH_APR (GICH + 0xf0)
#define GICH_LR(n) (GICH + 0x100 + 4 * (n))
#define LISTS 4

// QEMU keeps smaller ones where the guest writes them, though not where EL2 does.
#define MINIMUM_ABPR 3

#define GICV_CTLR (GICV + 0x00)
#define GICV_PMR (GICV + 0x04)
#define GICV_BPR (GICV + 0x08)
#define GICV_IAR (GICV + 0x0c)
#define GICV_EOIR (GICV + 0x10)
#define GICV_RPR (GICV + 0x14)
#define GICV_HPPIR (GICV + 0x18)
#define GICV_ABPR (GICV + 0x1c)
#define GICV_APR0 (GICV + 0xd0)
#define GICV_DIR (GICV + 0x1000)

#define HCR_EN 1u
#define HCR_UIE (1u << 1)
#define HCR_LRENPIE (1u << 2)
#define HCR_NPIE (1u << 3)
#define HCR_GROUPS (15u << 4)

#define CTLR_GROUP_0 1u
#define CTLR_GROUP_1 2u
#define CTLR_ACK_CTL 4u
#define CTLR_FIQ_EN 8u
#define CTLR_CBPR 16u
#define CTLR_EOI_MODE (1u << 9)

#define LR_PENDING (1u << 28)
#define LR_ACTIVE (2u << 28)
#define LR_GROUP_1 (1u << 30)
#define LR_HW (1u << 31)
#define LR_EOI (1u << 19)
#define LR_PRIORITY(priority) ((uint32_t)(priority) >> 3 << 23)
#define LR_PHYSICAL(id) ((uint32_t)(id) << 10)

#define IRQ_PENDING (1u << 7)
#define FIQ_PENDING (1u << 6)

static volatile uint32_t taken[4];
static volatile uint32_t taken_count;

void first_main(void);
void second_main(void);
void exception(uint64_t number);

static uint32_t pending_exceptions(void)
{
    uint64_t value;
    asm volatile("isb\n\tmrs %0, isr_el1" : "=r"(value) : : "memory");
    return (uint32_t)value & (IRQ_PENDING | FIQ_PENDING);
}

static uint32_t is_maintenance_pending(void)
{
    return read32(GICD_ISPENDR(0)) >> MAINTENANCE & 1;
}

// Nothing is pending, active or enabled, and the guest sees all priorities of both groups.
static void clear(void)
{
    write32(GICH_HCR, 0);
    for (uint32_t i = 0; i < LISTS; i++)
        write32(GICH_LR(i), 0);
    write32(GICH_APR, 0);
    write32(GICH_VMCR, 0);
    write32(GICV_PMR, 0xff);
    write32(GICV_CTLR, CTLR_GROUP_0 | CTLR_GROUP_1 | CTLR_ACK_CTL);
    write32(GICH_HCR, HCR_EN);
}

static void print_state(void)
{
    print("GICH_HCR", read32(GICH_HCR));
    print("GICH_VMCR", read32(GICH_VMCR));
    print("GICH_MISR", read32(GICH_MISR));
    print("GICH_EISR0", read32(GICH_EISR(0)));
    print("GICH_ELRSR0", read32(GICH_ELRSR(0)));
    print("GICH_APR", read32(GICH_APR));
    for (uint32_t i = 0; i < LISTS; i++)
        print("GICH_LR", read32(GICH_LR(i)));
    print("GICV_RPR", read32(GICV_RPR));
    print("GICV_HPPIR", read32(GICV_HPPIR));
    print("lines", pending_exceptions());
    print("maintenance", is_maintenance_pending());
}

static void reset_values(void)
{
    heading("out of reset");
    print("GICH_VTR", read32(GICH_VTR));
    print("GICH_EISR1", read32(GICH_EISR(1)));
    print("GICH_ELRSR1", read32(GICH_ELRSR(1)));
    print("GICV_CTLR", read32(GICV_CTLR));
    print("GICV_PMR", read32(GICV_PMR));
    print("GICV_BPR", read32(GICV_BPR));
    print("GICV_ABPR", read32(GICV_ABPR));
    print("GICV_APR0", read32(GICV_APR0));
    print("GICV_IAR", read32(GICV_IAR));
    print_state();
}

static void read_back(const char *name, uint64_t address, uint32_t value)
{
    write32(address, value);
    print(name, read32(address));
}

static void read_backs(void)
{
    heading("what registers keep");
    read_back("GICH_HCR", GICH_HCR, 0xfffffffe);
    read_back("GICH_HCR", GICH_HCR, 0);
    read_back("GICH_VTR", GICH_VTR, 0);
    read_back("GICH_MISR", GICH_MISR, 0xffffffff);
    read_back("GICH_EISR0", GICH_EISR(0), 0xffffffff);
    read_back("GICH_ELRSR0", GICH_ELRSR(0), 0);
    read_back("GICH_APR", GICH_APR, 0x80010003);
    print("GICV_APR0", read32(GICV_APR0));
    print("GICV_RPR", read32(GICV_RPR));
    read_back("GICV_APR0", GICV_APR0, 0x40000000);
    print("GICH_APR", read32(GICH_APR));
    print("GICV_RPR", read32(GICV_RPR));
    read_back("GICH_APR", GICH_APR, 0);
    for (uint32_t i = 0; i < LISTS; i++)
    {
        read_back("GICH_LR", GICH_LR(i), 0xffffffff);
        read_back("GICH_LR", GICH_LR(i), LR_EOI | 40);
    }

    print("GICH_EISR0", read32(GICH_EISR(0)));
    print("GICH_ELRSR0", read32(GICH_ELRSR(0)));
    for (uint32_t value = 0; value < 0x20; value++)
    {
        write32(GICH_VMCR, value * 0x08240421);
        print("GICH_VMCR", read32(GICH_VMCR));
        print("GICV_CTLR", read32(GICV_CTLR));
        print("GICV_PMR", read32(GICV_PMR));
        print("GICV_BPR", read32(GICV_BPR));
        print("GICV_ABPR", read32(GICV_ABPR));
    }

    for (uint32_t value = 0; value < 8; value++)
    {
        read_back("GICV_BPR", GICV_BPR, value);
        read_back("GICV_ABPR", GICV_ABPR, value < MINIMUM_ABPR ? MINIMUM_ABPR : value);
        read_back("GICV_PMR", GICV_PMR, value * 0x25);
        read_back("GICV_CTLR", GICV_CTLR, 0xdb << value);
        print("GICH_VMCR", read32(GICH_VMCR));
    }
}

static void one_interrupt(void)
{
    heading("one interrupt");
    clear();
    write32(GICH_LR(1), LR_PENDING | LR_PRIORITY(0x80) | 48);
    print_state();
    write32(GICH_HCR, 0);
    print("the gate is closed: GICV_IAR", read32(GICV_IAR));
    print_state();
    write32(GICH_HCR, HCR_EN);
    print("the gate is open: GICV_IAR", read32(GICV_IAR));
    print_state();
    print("GICV_IAR", read32(GICV_IAR));
    write32(GICH_LR(1), read32(GICH_LR(1)) | LR_PENDING);
    print_state();
    print("GICV_IAR", read32(GICV_IAR));
    write32(GICV_EOIR, 48);
    print_state();
    print("GICV_IAR", read32(GICV_IAR));
    write32(GICV_EOIR, 48);
    print_state();
    write32(GICV_EOIR, 1023);
    write32(GICV_EOIR, 48);
    print_state();
}

static void maintenance(void)
{
    heading("maintenance");
    static const uint32_t causes[] = {HCR_UIE, HCR_LRENPIE, HCR_NPIE, 1u << 4, 1u << 5, 1u << 6, 1u << 7, HCR_UIE | HCR_NPIE | HCR_GROUPS};
    for (uint32_t lists = 0; lists < 4; lists++)
    {
        for (uint32_t enabled = 0; enabled < 4; enabled++)
        {
            clear();
            write32(GICV_CTLR, enabled);
            for (uint32_t i = 0; i < lists; i++)
                write32(GICH_LR(i), (i == 0 ? LR_ACTIVE : LR_PENDING) | LR_PRIORITY(0x40) | (40 + i));
            for (uint32_t i = 0; i < sizeof(causes) / sizeof(causes[0]); i++)
            {
                write32(GICH_HCR, HCR_EN | causes[i]);
                print("GICH_MISR", read32(GICH_MISR));
                print("maintenance", is_maintenance_pending());
            }
        }
    }

    write32(GICH_HCR, HCR_UIE);
    print("the gate is closed: maintenance", is_maintenance_pending());

    heading("the end that EL2 is told of");
    clear();
    write32(GICH_LR(2), LR_PENDING | LR_EOI | LR_PRIORITY(0x40) | 50);
    print("GICV_IAR", read32(GICV_IAR));
    print_state();
    write32(GICV_EOIR, 50);
    print_state();
    write32(GICH_LR(2), 0);
    print_state();

    heading("the end of what no list register has");
    clear();
    write32(GICH_HCR, HCR_EN | HCR_LRENPIE);
    write32(GICH_LR(0), LR_PENDING | LR_PRIORITY(0x40) | 50);
    print("GICV_IAR", read32(GICV_IAR));
    write32(GICH_LR(0), 0);
    write32(GICV_EOIR, 50);
    print_state();
    write32(GICH_APR, 0xffffffff);
    for (uint32_t i = 0; i < 32; i++)
        write32(GICV_EOIR, 50);
    print_state();
    write32(GICH_HCR, HCR_EN);
    write32(GICV_CTLR, CTLR_GROUP_0 | CTLR_EOI_MODE);
    write32(GICH_APR, 1);
    write32(GICV_EOIR, 50);
    print_state();
    write32(GICV_DIR, 50);
    print_state();
}

static void hardware(void)
{
    heading("physical interrupts");
    for (uint32_t mode = 0; mode < 2; mode++)
    {
        clear();
        write32(GICV_CTLR, CTLR_GROUP_0 | (mode ? CTLR_EOI_MODE : 0));
        write32(GICD_ISACTIVER(0), 1u << VIRTUAL_TIMER | 1u << PHYSICAL_TIMER);
        write32(GICH_LR(0), LR_HW | LR_PENDING | LR_PRIORITY(0x60) | LR_PHYSICAL(PHYSICAL_TIMER) | 44);
        write32(GICH_LR(3), LR_HW | LR_PENDING | LR_PRIORITY(0x20) | LR_PHYSICAL(VIRTUAL_TIMER) | VIRTUAL_TIMER);
        print("GICV_IAR", read32(GICV_IAR));
        print("GICV_IAR", read32(GICV_IAR));
        write32(GICV_EOIR, VIRTUAL_TIMER);
        print_state();
        print("GICD_ISACTIVER0", read32(GICD_ISACTIVER(0)));
        print("GICV_IAR", read32(GICV_IAR));
        write32(GICV_EOIR, 44);
        print("GICD_ISACTIVER0", read32(GICD_ISACTIVER(0)));
        if (mode)
        {
            write32(GICV_DIR, VIRTUAL_TIMER);
            print("GICD_ISACTIVER0", read32(GICD_ISACTIVER(0)));
            write32(GICV_DIR, 44);
            print("GICD_ISACTIVER0", read32(GICD_ISACTIVER(0)));
        }

        print_state();
    }
}

static uint32_t random_state = 1;

static uint32_t random(uint32_t count)
{
    random_state = random_state * 1664525 + 1013904223;
    return (random_state >> 8) % count;
}

// The number that the list register of an index always has, and who has sent it.
static uint32_t value_of(uint32_t index)
{
    return index == 0 ? 3u | 5u << 10 : 36 + index;
}

// One random use after another; after each everything can be seen.
static void random_uses(uint32_t seed, uint32_t count)
{
    random_state = seed;
    clear();
    for (uint32_t i = 0; i < count; i++)
    {
        uint32_t index = random(LISTS);
        switch (random(11))
        {
        case 0:
            write32(GICH_HCR, (read32(GICH_HCR) & 0xf8000000) | (random(8) ? HCR_EN : 0) | random(128) << 1);
            break;
        case 1:
            // Both groups or none: QEMU lets interrupts of one that is disabled be acknowledged while the other one is enabled.
            write32(GICV_CTLR, (random(8) ? CTLR_GROUP_0 | CTLR_GROUP_1 : 0) | (random(4) ? CTLR_ACK_CTL : 0) | random(4) << 3 | random(2) << 9);
            break;
        case 2:
            write32(GICV_PMR, random(3) ? 0xf8 : random(256));
            break;
        case 3:
            if (random(2))
                write32(GICV_BPR, random(8));
            else
                write32(GICV_ABPR, MINIMUM_ABPR + random(8 - MINIMUM_ABPR));
            break;
        case 4:
        case 5:
        case 6:
        {
            // What is active stays so: else the priorities that are active would be of nothing.
            uint32_t active = read32(GICH_LR(index)) & LR_ACTIVE;
            uint32_t flags = random(2) * LR_PENDING | random(2) * LR_GROUP_1 | (index == 0 ? 0 : random(2) * LR_EOI);
            write32(GICH_LR(index), active | flags | LR_PRIORITY(random(8) << 5 | random(4) << 3) | value_of(index));
            break;
        }
        case 7:
        case 8:
            print("GICV_IAR", read32(GICV_IAR));
            break;
        default:
        {
            // The one that has to end is of the highest priority; any that is active will do for the registers.
            for (uint32_t tries = 0; tries < LISTS && (read32(GICH_LR(index)) & LR_ACTIVE) == 0; tries++)
                index = (index + 1) % LISTS;
            write32(GICV_EOIR, value_of(index));
            if (read32(GICV_CTLR) & CTLR_EOI_MODE)
                write32(GICV_DIR, value_of(index));
            break;
        }
        }

        uint32_t sum = read32(GICH_HCR);
        sum = sum * 31 + read32(GICH_VMCR);
        sum = sum * 31 + read32(GICH_MISR);
        sum = sum * 31 + read32(GICH_EISR(0));
        sum = sum * 31 + read32(GICH_ELRSR(0));
        sum = sum * 31 + read32(GICH_APR);
        for (uint32_t list = 0; list < LISTS; list++)
            sum = sum * 31 + read32(GICH_LR(list));
        sum = sum * 31 + read32(GICV_RPR);
        sum = sum * 31 + is_maintenance_pending();
        sum = sum * 31 + pending_exceptions();
        print("sum", sum);
    }
}

void exception(uint64_t number)
{
    uint32_t id = number == 5 ? read32(GICV_IAR) : 0xdead0000 | (uint32_t)number;
    if (taken_count < 4)
        taken[taken_count] = id;
    taken_count++;
    if (number == 5)
        write32(GICV_EOIR, id);
    else
        psci(0x84000008ul, 1, 0, 0);
}

static void exceptions(void)
{
    heading("exceptions");
    clear();
    for (uint32_t i = 0; i < LISTS; i++)
        write32(GICH_LR(i), LR_PENDING | LR_PRIORITY(0x80 - 0x20 * i) | (60 + i));
    while (taken_count < LISTS)
        asm volatile("wfi\n\tmsr daifclr, #2\n\tisb\n\tmsr daifset, #2" : : : "memory");
    for (uint32_t i = 0; i < LISTS; i++)
        print("taken", taken[i]);
    print_state();
}

void first_main(void)
{
    reset_values();
    read_backs();
    one_interrupt();
    maintenance();
    hardware();
    heading("random uses");
    random_uses(1, 400);
    random_uses(2, 400);
    exceptions();
    heading("end");
}

// There is one CPU.
void second_main(void)
{
}
