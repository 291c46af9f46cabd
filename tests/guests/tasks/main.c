// A preemptive kernel for several CPUs, whose threads keep their place in its functions while others run: made to be traced.
#include "kernel.h"

#define PSCI_CPU_ON 0xc4000003ul
#define PSCI_SYSTEM_OFF 0x84000008ul
#define SPURIOUS 1020
#define INTERRUPT_MASK 0x3ff
#define TIMER 27

void first_main(void);
void second_main(void);
void interrupt(struct frame *frame);
void unexpected_exception(uint64_t number);

// How many rounds each task makes. Whoever loads the guest may write another number here.
volatile uint64_t rounds = 100;

// Timer interrupts of user code and of the kernel's own.
static uint64_t ticks[2];

void unexpected_exception(uint64_t number)
{
    uint64_t syndrome, address, fault;

    asm volatile("mrs %0, esr_el1\n\tmrs %1, elr_el1\n\tmrs %2, far_el1" : "=r"(syndrome), "=r"(address), "=r"(fault));
    print("exception", number);
    print("esr", syndrome);
    print("elr", address);
    print("far", fault);
    psci(PSCI_SYSTEM_OFF, 1, 0, 0);
    for (;;)
    {
    }
}

TRACED void interrupt(struct frame *frame)
{
    for (;;)
    {
        uint32_t acknowledged = interrupt_begin();

        if ((acknowledged & INTERRUPT_MASK) >= SPURIOUS)
            break;
        if ((acknowledged & INTERRUPT_MASK) == TIMER)
        {
            __atomic_fetch_add(&ticks[(frame->spsr & 0xf) != 0], 1, __ATOMIC_RELAXED);
            timer_start();
        }

        interrupt_end(acknowledged);
    }

    schedule();
}

// The end waits for an interrupt of the kernel, so that it is known that they are taken.
static _Noreturn void finish(void)
{
    print("result", threads_result() ^ calls_result());
    psci(PSCI_SYSTEM_OFF, 0, 0, 0);
    for (;;)
    {
    }
}

static _Noreturn void idle_main(uint32_t cpu)
{
    for (;;)
    {
        schedule();
        if (cpu == 0 && threads_done() && *(volatile uint64_t *)&ticks[1] != 0)
            finish();
        asm volatile("wfi\n\tmsr daifclr, #2\n\tisb\n\tmsr daifset, #2" : : : "memory");
    }
}

void first_main(void)
{
    mmu_fill();
    mmu_enable();
    threads_start_cpu(0);
    interrupts_start(0);
    pipes_create();
    threads_create(rounds);
    asm volatile("dsb sy" : : : "memory");
    for (uint32_t cpu = 1; cpu < interrupts_cpus(); cpu++)
        psci(PSCI_CPU_ON, cpu, (uint64_t)second_entry, 0);
    idle_main(0);
}

void second_main(void)
{
    uint64_t number;

    asm volatile("mrs %0, mpidr_el1" : "=r"(number));
    mmu_enable();
    threads_start_cpu(number & 0xff);
    interrupts_start(number & 0xff);
    idle_main(number & 0xff);
}
