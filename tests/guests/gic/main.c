// Reads and writes what a GICv2 without the Security Extensions has, and lets interrupts run through it. Everything that is printed is the same on
// every exact implementation with two CPUs, 288 interrupts and 8 bits of priority; what the architecture leaves open is as in the Arm implementation.
#include "platform.h"

#define GICD_CTLR (GICD + 0x000)
#define GICD_TYPER (GICD + 0x004)
#define GICD_IGROUPR(n) (GICD + 0x080 + 4 * (n))
#define GICD_ISENABLER(n) (GICD + 0x100 + 4 * (n))
#define GICD_ICENABLER(n) (GICD + 0x180 + 4 * (n))
#define GICD_ISPENDR(n) (GICD + 0x200 + 4 * (n))
#define GICD_ICPENDR(n) (GICD + 0x280 + 4 * (n))
#define GICD_ISACTIVER(n) (GICD + 0x300 + 4 * (n))
#define GICD_ICACTIVER(n) (GICD + 0x380 + 4 * (n))
#define GICD_IPRIORITYR(id) (GICD + 0x400 + (id))
#define GICD_ITARGETSR(id) (GICD + 0x800 + (id))
#define GICD_ICFGR(n) (GICD + 0xc00 + 4 * (n))
#define GICD_SGIR (GICD + 0xf00)
#define GICD_CPENDSGIR(id) (GICD + 0xf10 + (id))
#define GICD_SPENDSGIR(id) (GICD + 0xf20 + (id))
#define GICD_PIDR2 (GICD + 0xfe8)

#define GICC_CTLR (GICC + 0x00)
#define GICC_PMR (GICC + 0x04)
#define GICC_BPR (GICC + 0x08)
#define GICC_IAR (GICC + 0x0c)
#define GICC_EOIR (GICC + 0x10)
#define GICC_RPR (GICC + 0x14)
#define GICC_HPPIR (GICC + 0x18)
#define GICC_ABPR (GICC + 0x1c)
#define GICC_APR(n) (GICC + 0xd0 + 4 * (n))
#define GICC_NSAPR(n) (GICC + 0xe0 + 4 * (n))
#define GICC_IIDR (GICC + 0xfc)
#define GICC_DIR (GICC + 0x1000)

#define ENABLE_GROUP_0 1u
#define ENABLE_GROUP_1 2u
#define ACK_CTL 4u
#define FIQ_EN 8u
#define CBPR 16u
#define EOI_MODE (1u << 9)

#define UART_MASK (UART + 0x38)
#define UART_CLEAR (UART + 0x44)
#define UART_TRANSMIT (1u << 5)

#define SGI_TO(cpus, id) ((cpus) << 16 | (id))
#define SGI_TO_OTHERS(id) (1u << 24 | (id))
#define SGI_TO_SELF(id) (2u << 24 | (id))

#define IRQ_PENDING (1u << 7)
#define FIQ_PENDING (1u << 6)

#define PSCI_CPU_ON 0xc4000003ul

// The second CPU is to do its part, and has done it.
static volatile uint32_t is_wanted;
static volatile uint32_t is_done;
static volatile uint32_t answers[8];

static volatile uint32_t taken[8];
static volatile uint32_t taken_count;

void first_main(void);
void second_main(void);
void exception(uint64_t number);

static uint32_t bit(uint32_t id)
{
    return 1u << (id & 31);
}

static uint32_t pending_exceptions(void)
{
    uint64_t value;
    asm volatile("isb\n\tmrs %0, isr_el1" : "=r"(value) : : "memory");
    return (uint32_t)value & (IRQ_PENDING | FIQ_PENDING);
}

static uint32_t mask_of(uint32_t id, uint64_t set)
{
    return read32(set + 4 * (id >> 5)) >> (id & 31) & 1;
}

// Pending, active and enabled, as three digits.
static uint32_t state_of(uint32_t id)
{
    return mask_of(id, GICD_ISPENDR(0)) << 8 | mask_of(id, GICD_ISACTIVER(0)) << 4 | mask_of(id, GICD_ISENABLER(0));
}

static void pend(uint32_t id)
{
    write32(GICD_ISPENDR(id >> 5), bit(id));
}

static void setup(uint32_t id, uint8_t priority)
{
    write8(GICD_IPRIORITYR(id), priority);
    write8(GICD_ITARGETSR(id), 1);
    write32(GICD_ISENABLER(id >> 5), bit(id));
}

static void reset_values(void)
{
    heading("out of reset");
    print("GICD_CTLR", read32(GICD_CTLR));
    print("GICD_TYPER", read32(GICD_TYPER));
    print("GICD_PIDR2", read32(GICD_PIDR2));
    print("GICD_IGROUPR0", read32(GICD_IGROUPR(0)));
    print("GICD_IGROUPR1", read32(GICD_IGROUPR(1)));
    print("GICD_ISENABLER0", read32(GICD_ISENABLER(0)));
    print("GICD_ISENABLER1", read32(GICD_ISENABLER(1)));
    print("GICD_ISENABLER8", read32(GICD_ISENABLER(8)));
    print("GICD_ISENABLER9", read32(GICD_ISENABLER(9)));
    print("GICD_ISACTIVER0", read32(GICD_ISACTIVER(0)));
    print("GICD_IPRIORITYR0", read32(GICD_IPRIORITYR(0)));
    print("GICD_ITARGETSR0", read32(GICD_ITARGETSR(0)));
    print("GICD_ITARGETSR7", read32(GICD_ITARGETSR(28)));
    print("GICD_ITARGETSR8", read32(GICD_ITARGETSR(32)));
    print("GICD_ICFGR0", read32(GICD_ICFGR(0)));
    print("GICD_ICFGR2", read32(GICD_ICFGR(2)));
    print("GICD_SPENDSGIR0", read32(GICD_SPENDSGIR(0)));
    print("GICC_CTLR", read32(GICC_CTLR));
    print("GICC_PMR", read32(GICC_PMR));
    print("GICC_BPR", read32(GICC_BPR));
    print("GICC_ABPR", read32(GICC_ABPR));
    print("GICC_RPR", read32(GICC_RPR));
    print("GICC_HPPIR", read32(GICC_HPPIR));
    print("GICC_IAR", read32(GICC_IAR));
    print("GICC_APR0", read32(GICC_APR(0)));
    print("GICC_NSAPR0", read32(GICC_NSAPR(0)));
    print("GICC_IIDR", read32(GICC_IIDR));
}

static void write_and_read(const char *name, uint64_t address, uint32_t value)
{
    write32(address, value);
    print(name, read32(address));
}

static void read_backs(void)
{
    heading("what registers keep");
    write_and_read("GICD_CTLR", GICD_CTLR, 0xffffffff);
    write_and_read("GICD_CTLR", GICD_CTLR, 0);
    write_and_read("GICD_TYPER", GICD_TYPER, 0xffffffff);
    write_and_read("GICD_IGROUPR0", GICD_IGROUPR(0), 0xffffffff);
    write_and_read("GICD_IGROUPR0", GICD_IGROUPR(0), 0);
    write_and_read("GICD_IGROUPR8", GICD_IGROUPR(8), 0x12345678);
    write_and_read("GICD_IGROUPR8", GICD_IGROUPR(8), 0);
    write_and_read("GICD_IGROUPR9", GICD_IGROUPR(9), 0xffffffff);
    write_and_read("GICD_ISENABLER1", GICD_ISENABLER(1), 0xf0f0a5a5);
    write_and_read("GICD_ISENABLER1", GICD_ISENABLER(1), 0x0000000f);
    print("GICD_ICENABLER1", read32(GICD_ICENABLER(1)));
    write_and_read("GICD_ICENABLER1", GICD_ICENABLER(1), 0xf000000f);
    write_and_read("GICD_ICENABLER1", GICD_ICENABLER(1), 0xffffffff);
    write_and_read("GICD_ICENABLER0", GICD_ICENABLER(0), 0xffffffff);
    write_and_read("GICD_ISENABLER0", GICD_ISENABLER(0), 0x08000000);
    write_and_read("GICD_ICENABLER0", GICD_ICENABLER(0), 0x08000000);
    write_and_read("GICD_ISENABLER9", GICD_ISENABLER(9), 0xffffffff);
    write8(GICD_ITARGETSR(64), 1);
    write8(GICD_ITARGETSR(95), 1);
    write_and_read("GICD_ISPENDR2", GICD_ISPENDR(2), 0x80000001);
    print("GICD_ICPENDR2", read32(GICD_ICPENDR(2)));
    write_and_read("GICD_ICPENDR2", GICD_ICPENDR(2), 0x00000001);
    write_and_read("GICD_ICPENDR2", GICD_ICPENDR(2), 0xffffffff);
    write_and_read("GICD_ISPENDR0", GICD_ISPENDR(0), 0x0000ffff);
    write_and_read("GICD_ISACTIVER2", GICD_ISACTIVER(2), 0x00010080);
    write_and_read("GICD_ICACTIVER2", GICD_ICACTIVER(2), 0x00000080);
    write_and_read("GICD_ICACTIVER2", GICD_ICACTIVER(2), 0xffffffff);
    write_and_read("GICD_IPRIORITYR10", GICD_IPRIORITYR(40), 0x12345678);
    write8(GICD_IPRIORITYR(41), 0xa5);
    print("GICD_IPRIORITYR10", read32(GICD_IPRIORITYR(40)));
    print("its third byte", read8(GICD_IPRIORITYR(42)));
    write_and_read("GICD_IPRIORITYR72", GICD_IPRIORITYR(288), 0xffffffff);
    write_and_read("GICD_ITARGETSR0", GICD_ITARGETSR(0), 0x02020202);
    write_and_read("GICD_ITARGETSR10", GICD_ITARGETSR(40), 0x00010203);
    write8(GICD_ITARGETSR(43), 2);
    print("GICD_ITARGETSR10", read32(GICD_ITARGETSR(40)));
    write_and_read("GICD_ITARGETSR72", GICD_ITARGETSR(288), 0x01010101);
    write_and_read("GICD_ICFGR0", GICD_ICFGR(0), 0);
    write_and_read("GICD_ICFGR2", GICD_ICFGR(2), 0xffffffff);
    write_and_read("GICD_ICFGR2", GICD_ICFGR(2), 0x88888888);
    write_and_read("GICD_ICFGR2", GICD_ICFGR(2), 0);
    write_and_read("GICD_ICFGR18", GICD_ICFGR(18), 0xffffffff);
    write_and_read("GICC_CTLR", GICC_CTLR, 0x21f);
    write_and_read("GICC_CTLR", GICC_CTLR, 0);
    write_and_read("GICC_PMR", GICC_PMR, 0xfff);
    write_and_read("GICC_PMR", GICC_PMR, 0x5a);
    for (uint32_t point = 0; point < 9; point++)
    {
        write_and_read("GICC_BPR", GICC_BPR, point);
        write_and_read("GICC_ABPR", GICC_ABPR, point);
    }

    write32(GICC_BPR, 0);
    write32(GICC_ABPR, 1);
}

static void enable(uint32_t control)
{
    write32(GICD_CTLR, ENABLE_GROUP_0 | ENABLE_GROUP_1);
    write32(GICC_PMR, 0xff);
    write32(GICC_CTLR, control);
}

static void one_interrupt(void)
{
    heading("one interrupt");
    setup(40, 0x80);
    enable(ENABLE_GROUP_0);
    print("lines", pending_exceptions());
    pend(40);
    print("pending: state", state_of(40));
    print("lines", pending_exceptions());
    print("GICC_HPPIR", read32(GICC_HPPIR));
    print("GICC_IAR", read32(GICC_IAR));
    print("active: state", state_of(40));
    print("lines", pending_exceptions());
    print("GICC_RPR", read32(GICC_RPR));
    print("GICC_APR2", read32(GICC_APR(2)));
    print("GICC_IAR", read32(GICC_IAR));
    pend(40);
    print("again: state", state_of(40));
    print("GICC_HPPIR", read32(GICC_HPPIR));
    print("lines", pending_exceptions());
    write32(GICC_EOIR, 40);
    print("ended: state", state_of(40));
    print("lines", pending_exceptions());
    print("GICC_RPR", read32(GICC_RPR));
    write32(GICD_ICPENDR(1), bit(40));
    print("cleared: state", state_of(40));
    print("lines", pending_exceptions());
    print("GICC_IAR", read32(GICC_IAR));
    write32(GICC_EOIR, SPURIOUS);
    write32(GICC_EOIR, 40);
    print("GICC_RPR", read32(GICC_RPR));

    heading("what keeps an interrupt back");
    pend(40);
    write32(GICC_PMR, 0x80);
    print("mask 0x80: lines", pending_exceptions());
    print("GICC_IAR", read32(GICC_IAR));
    write32(GICC_PMR, 0x81);
    print("mask 0x81: lines", pending_exceptions());
    write32(GICC_PMR, 0xff);
    write32(GICD_ICENABLER(1), bit(40));
    print("disabled: lines", pending_exceptions());
    print("GICC_HPPIR", read32(GICC_HPPIR));
    write32(GICD_ISENABLER(1), bit(40));
    write8(GICD_ITARGETSR(40), 2);
    print("another target: lines", pending_exceptions());
    print("GICC_HPPIR", read32(GICC_HPPIR));
    write8(GICD_ITARGETSR(40), 1);
    write32(GICD_CTLR, 0);
    print("not forwarded: lines", pending_exceptions());
    write32(GICD_CTLR, 3);
    write32(GICC_CTLR, 0);
    print("not signalled: lines", pending_exceptions());
    write32(GICC_CTLR, ENABLE_GROUP_0);
    write32(GICD_ISACTIVER(1), bit(40));
    print("active by software: lines", pending_exceptions());
    print("GICC_IAR", read32(GICC_IAR));
    write32(GICD_ICACTIVER(1), bit(40));
    print("lines", pending_exceptions());
    write32(GICD_ICPENDR(1), bit(40));
    print("lines", pending_exceptions());
}

static void preemption(void)
{
    heading("preemption");
    setup(40, 0x80);
    setup(41, 0x40);
    setup(42, 0x40);
    setup(43, 0x00);
    pend(40);
    print("GICC_IAR", read32(GICC_IAR));
    pend(42);
    pend(41);
    print("GICC_HPPIR", read32(GICC_HPPIR));
    print("GICC_IAR", read32(GICC_IAR));
    print("GICC_RPR", read32(GICC_RPR));
    print("lines", pending_exceptions());
    print("GICC_IAR", read32(GICC_IAR));
    pend(43);
    print("lines", pending_exceptions());
    print("GICC_IAR", read32(GICC_IAR));
    print("GICC_RPR", read32(GICC_RPR));
    print("GICC_APR0", read32(GICC_APR(0)));
    print("GICC_APR1", read32(GICC_APR(1)));
    print("GICC_APR2", read32(GICC_APR(2)));
    write32(GICC_EOIR, 43);
    print("GICC_RPR", read32(GICC_RPR));
    write32(GICC_EOIR, 41);
    print("GICC_RPR", read32(GICC_RPR));
    print("GICC_IAR", read32(GICC_IAR));
    write32(GICC_EOIR, 42);
    write32(GICC_EOIR, 40);
    print("GICC_RPR", read32(GICC_RPR));

    heading("priority groups");
    for (uint32_t point = 0; point < 8; point++)
    {
        write32(GICC_BPR, point);
        setup(40, 0x9c);
        setup(41, 0x98);
        setup(42, 0x70);
        pend(40);
        print("GICC_BPR", point);
        print("GICC_IAR", read32(GICC_IAR));
        print("GICC_RPR", read32(GICC_RPR));
        pend(41);
        print("lines", pending_exceptions());
        uint32_t second = read32(GICC_IAR);
        print("GICC_IAR", second);
        pend(42);
        print("lines", pending_exceptions());
        uint32_t third = read32(GICC_IAR);
        print("GICC_IAR", third);
        print("GICC_RPR", read32(GICC_RPR));
        if (third != SPURIOUS)
            write32(GICC_EOIR, third);
        if (second != SPURIOUS)
            write32(GICC_EOIR, second);
        write32(GICC_EOIR, 40);
        print("GICC_RPR", read32(GICC_RPR));
        write32(GICD_ICPENDR(1), bit(41) | bit(42));
    }

    write32(GICC_BPR, 0);
}

static void split_end(void)
{
    heading("priority drop and deactivation apart");
    write32(GICC_CTLR, ENABLE_GROUP_0 | EOI_MODE);
    setup(40, 0x80);
    pend(40);
    print("GICC_IAR", read32(GICC_IAR));
    write32(GICC_EOIR, 40);
    print("dropped: state", state_of(40));
    print("GICC_RPR", read32(GICC_RPR));
    pend(40);
    print("GICC_IAR", read32(GICC_IAR));
    write32(GICC_DIR, 40);
    print("deactivated: state", state_of(40));
    print("GICC_IAR", read32(GICC_IAR));
    write32(GICC_DIR, 40);
    print("deactivated: state", state_of(40));
    print("GICC_RPR", read32(GICC_RPR));
    write32(GICC_EOIR, 40);
    print("GICC_RPR", read32(GICC_RPR));
    write32(GICC_CTLR, ENABLE_GROUP_0);
}

static void groups(void)
{
    heading("group 1");
    write32(GICC_CTLR, ENABLE_GROUP_0 | ENABLE_GROUP_1);
    setup(44, 0x60);
    write32(GICD_IGROUPR(1), bit(44));
    pend(44);
    print("lines", pending_exceptions());
    print("GICC_HPPIR", read32(GICC_HPPIR));
    print("GICC_IAR", read32(GICC_IAR));
    write32(GICC_CTLR, ENABLE_GROUP_0 | ENABLE_GROUP_1 | ACK_CTL);
    print("GICC_HPPIR", read32(GICC_HPPIR));
    print("GICC_IAR", read32(GICC_IAR));
    print("GICC_RPR", read32(GICC_RPR));
    print("GICC_APR1", read32(GICC_APR(1)));
    print("GICC_NSAPR1", read32(GICC_NSAPR(1)));
    write32(GICC_EOIR, 44);
    print("GICC_RPR", read32(GICC_RPR));
    print("GICC_NSAPR1", read32(GICC_NSAPR(1)));

    heading("fast interrupts");
    write32(GICC_CTLR, ENABLE_GROUP_0 | ENABLE_GROUP_1 | ACK_CTL | FIQ_EN);
    setup(40, 0x40);
    pend(44);
    print("lines", pending_exceptions());
    pend(40);
    print("lines", pending_exceptions());
    print("GICC_IAR", read32(GICC_IAR));
    print("lines", pending_exceptions());
    write32(GICC_EOIR, 40);
    print("lines", pending_exceptions());
    print("GICC_IAR", read32(GICC_IAR));
    write32(GICC_EOIR, 44);

    heading("the binary point of group 1");
    setup(44, 0x9c);
    setup(45, 0x98);
    write32(GICD_IGROUPR(1), bit(44) | bit(45));
    for (uint32_t point = 1; point < 6; point++)
    {
        for (uint32_t common = 0; common < 2; common++)
        {
            write32(GICC_CTLR, ENABLE_GROUP_0 | ENABLE_GROUP_1 | ACK_CTL | (common ? CBPR : 0));
            write32(GICC_ABPR, point);
            write32(GICC_BPR, 4);
            pend(44);
            print("GICC_IAR", read32(GICC_IAR));
            print("GICC_RPR", read32(GICC_RPR));
            pend(45);
            print("lines", pending_exceptions());
            write32(GICD_ICPENDR(1), bit(45));
            write32(GICC_EOIR, 44);
        }
    }

    write32(GICC_ABPR, 1);
    write32(GICC_BPR, 0);
    write32(GICD_IGROUPR(1), 0);
    write32(GICC_CTLR, ENABLE_GROUP_0);
}

static void let_second_run(void)
{
    asm volatile("dmb sy" : : : "memory");
    is_wanted = 1;
    asm volatile("dsb sy\n\tsev" : : : "memory");
    while (is_done == 0)
        asm volatile("wfe" : : : "memory");
    asm volatile("dmb sy" : : : "memory");
}

static void software_interrupts(void)
{
    heading("software-generated interrupts");
    write32(GICD_IPRIORITYR(0), 0x80808080);
    write32(GICD_SGIR, SGI_TO_SELF(2));
    print("GICD_ISPENDR0", read32(GICD_ISPENDR(0)));
    print("GICD_SPENDSGIR0", read32(GICD_SPENDSGIR(0)));
    write32(GICD_ICPENDR(0), 0xffff);
    print("GICD_ISPENDR0", read32(GICD_ISPENDR(0)));
    print("lines", pending_exceptions());
    print("GICC_IAR", read32(GICC_IAR));
    print("GICD_ISPENDR0", read32(GICD_ISPENDR(0)));
    print("GICD_ISACTIVER0", read32(GICD_ISACTIVER(0)));
    write32(GICC_EOIR, 2);
    print("GICD_ISACTIVER0", read32(GICD_ISACTIVER(0)));
    write32(GICD_SGIR, SGI_TO_OTHERS(1));
    print("to the others: GICD_ISPENDR0", read32(GICD_ISPENDR(0)));

    // The second CPU has got it, sends one back and shows what is private to it.
    let_second_run();
    print("second CPU: GICD_ISPENDR0", answers[0]);
    print("second CPU: GICC_IAR", answers[1]);
    print("second CPU: GICD_ITARGETSR0", answers[2]);
    print("second CPU: GICD_ISENABLER0", answers[3]);
    print("second CPU: GICD_IPRIORITYR0", answers[4]);
    print("second CPU: GICC_PMR", answers[5]);
    print("second CPU: GICC_RPR", answers[6]);
    print("second CPU: GICC_CTLR", answers[7]);
    write32(GICD_SGIR, SGI_TO(1, 3));
    print("GICD_SPENDSGIR0", read32(GICD_SPENDSGIR(0)));
    print("GICC_HPPIR", read32(GICC_HPPIR));
    print("GICC_IAR", read32(GICC_IAR));
    print("GICD_SPENDSGIR0", read32(GICD_SPENDSGIR(0)));
    print("state", state_of(3));
    write32(GICC_EOIR, 3);
    uint32_t second = read32(GICC_IAR);
    print("GICC_IAR", second);
    write32(GICC_EOIR, second);
    print("GICC_IAR", read32(GICC_IAR));

    heading("software-generated interrupts by their own registers");
    write8(GICD_SPENDSGIR(5), 3);
    write8(GICD_SPENDSGIR(6), 2);
    print("GICD_SPENDSGIR1", read32(GICD_SPENDSGIR(4)));
    print("GICD_CPENDSGIR1", read32(GICD_CPENDSGIR(4)));
    print("GICD_ISPENDR0", read32(GICD_ISPENDR(0)));
    write8(GICD_CPENDSGIR(5), 1);
    print("GICD_SPENDSGIR1", read32(GICD_SPENDSGIR(4)));
    write32(GICD_CPENDSGIR(4), 0x00ffff00);
    print("GICD_SPENDSGIR1", read32(GICD_SPENDSGIR(4)));
    print("GICD_ISPENDR0", read32(GICD_ISPENDR(0)));
}

static void lines(void)
{
    // The UART's transmit interrupt is raised since the last character.
    heading("a level");
    setup(UART_INTERRUPT, 0x80);
    print("state", state_of(UART_INTERRUPT));
    write32(UART_MASK, UART_TRANSMIT);
    uint32_t state = state_of(UART_INTERRUPT);
    uint32_t acknowledged = read32(GICC_IAR);
    uint32_t active = state_of(UART_INTERRUPT);
    write32(GICD_ICPENDR(1), bit(UART_INTERRUPT));
    uint32_t cleared = state_of(UART_INTERRUPT);
    write32(GICC_EOIR, UART_INTERRUPT);
    uint32_t ended = state_of(UART_INTERRUPT);
    uint32_t again = read32(GICC_IAR);
    write32(UART_MASK, 0);
    uint32_t low = state_of(UART_INTERRUPT);
    pend(UART_INTERRUPT);
    uint32_t latched = state_of(UART_INTERRUPT);
    write32(GICC_EOIR, UART_INTERRUPT);
    uint32_t kept = state_of(UART_INTERRUPT);
    uint32_t last = read32(GICC_IAR);
    write32(GICC_EOIR, UART_INTERRUPT);
    print("asserted: state", state);
    print("GICC_IAR", acknowledged);
    print("active: state", active);
    print("cleared: state", cleared);
    print("ended: state", ended);
    print("GICC_IAR", again);
    print("low: state", low);
    print("pended: state", latched);
    print("ended: state", kept);
    print("GICC_IAR", last);
    print("state", state_of(UART_INTERRUPT));

    heading("an edge");
    write32(GICD_ICFGR(2), 2u << 2 * (UART_INTERRUPT - 32));
    write32(UART_MASK, UART_TRANSMIT);
    state = state_of(UART_INTERRUPT);
    acknowledged = read32(GICC_IAR);
    active = state_of(UART_INTERRUPT);
    write32(GICC_EOIR, UART_INTERRUPT);
    ended = state_of(UART_INTERRUPT);
    write32(UART_MASK, 0);
    write32(UART_MASK, UART_TRANSMIT);
    again = state_of(UART_INTERRUPT);
    write32(UART_MASK, 0);
    kept = state_of(UART_INTERRUPT);
    write32(GICD_ICPENDR(1), bit(UART_INTERRUPT));
    cleared = state_of(UART_INTERRUPT);
    write32(UART_CLEAR, UART_TRANSMIT);
    print("risen: state", state);
    print("GICC_IAR", acknowledged);
    print("active: state", active);
    print("ended: state", ended);
    print("risen again: state", again);
    print("fallen: state", kept);
    print("cleared: state", cleared);
    write32(GICD_ICFGR(2), 0);
}

void exception(uint64_t number)
{
    uint32_t id = number == 5 ? read32(GICC_IAR) : 0xdead0000 | (uint32_t)number;
    if (id == VIRTUAL_TIMER)
        asm volatile("msr cntv_ctl_el0, xzr\n\tisb");
    if (id == PHYSICAL_TIMER)
        asm volatile("msr cntp_ctl_el0, xzr\n\tisb");
    if (taken_count < 8)
        taken[taken_count] = id;
    taken_count++;
    if (id < SPURIOUS)
        write32(GICC_EOIR, id);
    if (number != 5)
        psci(0x84000008ul, 1, 0, 0);
}

static void wait_for(uint32_t count)
{
    while (taken_count < count)
        asm volatile("wfi\n\tmsr daifclr, #2\n\tisb\n\tmsr daifset, #2" : : : "memory");
}

static void exceptions(void)
{
    heading("exceptions");
    write32(GICD_ISENABLER(0), bit(VIRTUAL_TIMER) | bit(PHYSICAL_TIMER));
    write8(GICD_IPRIORITYR(VIRTUAL_TIMER), 0x20);
    write8(GICD_IPRIORITYR(PHYSICAL_TIMER), 0x30);
    asm volatile("msr cntv_tval_el0, %0\n\tmsr cntv_ctl_el0, %1\n\tisb" : : "r"(2000ul), "r"(1ul));
    wait_for(1);
    print("state", state_of(VIRTUAL_TIMER));
    asm volatile("msr cntp_tval_el0, %0\n\tmsr cntp_ctl_el0, %1\n\tisb" : : "r"(2000ul), "r"(1ul));
    wait_for(2);
    print("state", state_of(PHYSICAL_TIMER));
    pend(40);
    write32(GICD_SGIR, SGI_TO_SELF(7));
    wait_for(4);
    for (uint32_t i = 0; i < taken_count; i++)
        print("taken", taken[i]);
    print("lines", pending_exceptions());
}

void first_main(void)
{
    reset_values();
    read_backs();
    one_interrupt();
    preemption();
    split_end();
    groups();
    print("CPU_ON", (uint32_t)psci(PSCI_CPU_ON, 1, (uint64_t)second_entry, 0));
    software_interrupts();
    lines();
    exceptions();
    heading("end");
}

void second_main(void)
{
    while (is_wanted == 0)
        asm volatile("wfe" : : : "memory");
    asm volatile("dmb sy" : : : "memory");
    answers[5] = read32(GICC_PMR);
    answers[7] = read32(GICC_CTLR);
    write32(GICC_PMR, 0xff);
    write32(GICC_CTLR, ENABLE_GROUP_0);
    answers[0] = read32(GICD_ISPENDR(0));
    answers[1] = read32(GICC_IAR);
    answers[2] = read32(GICD_ITARGETSR(0));
    answers[3] = read32(GICD_ISENABLER(0));
    answers[4] = read32(GICD_IPRIORITYR(0));
    write32(GICC_EOIR, answers[1]);
    answers[6] = read32(GICC_RPR);
    write32(GICD_SGIR, SGI_TO(1, 3));
    asm volatile("dmb sy" : : : "memory");
    is_done = 1;
    asm volatile("dsb sy\n\tsev" : : : "memory");
}
