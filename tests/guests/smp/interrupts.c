// The interrupt controller, and the virtual timer of each CPU.
#include "platform.h"

#define GICD_CTLR (GICD + 0x000)
#define GICD_TYPER (GICD + 0x004)
#define GICD_ISENABLER0 (GICD + 0x100)
#define GICD_IPRIORITYR(id) (GICD + 0x400 + (id))
#define GICD_SGIR (GICD + 0xf00)
#define GICC_CTLR (GICC + 0x00)
#define GICC_PMR (GICC + 0x04)
#define GICC_IAR (GICC + 0x0c)
#define GICC_EOIR (GICC + 0x10)

#define TIMER 27
#define PERIOD 20000

uint32_t interrupts_cpus(void)
{
    return (read32(GICD_TYPER) >> 5 & 7) + 1;
}

void interrupts_start(uint32_t cpu)
{
    if (cpu == 0)
        write32(GICD_CTLR, 1);
    for (uint32_t id = 0; id < 32; id++)
        write8(GICD_IPRIORITYR(id), id == TIMER ? 0x80 : 0x40);
    write32(GICD_ISENABLER0, 1u << TIMER);
    write32(GICC_PMR, 0xf0);
    write32(GICC_CTLR, 1);
    timer_start();
}

void timer_start(void)
{
    asm volatile("msr cntv_tval_el0, %0\n\tmsr cntv_ctl_el0, %1\n\tisb" : : "r"((uint64_t)PERIOD), "r"(1ul));
}

uint32_t interrupt_begin(void)
{
    return read32(GICC_IAR);
}

void interrupt_end(uint32_t acknowledged)
{
    write32(GICC_EOIR, acknowledged);
}

void interrupt_send(uint32_t id, uint32_t cpus)
{
    asm volatile("dsb ish" : : : "memory");
    write32(GICD_SGIR, cpus << 16 | id);
}
