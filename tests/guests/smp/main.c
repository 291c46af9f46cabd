// A kernel for several CPUs: it runs tasks at EL0, takes turns between them by a timer, and prints what they have computed.
#include "platform.h"

#define PSCI_CPU_ON 0xc4000003ul
#define PSCI_SYSTEM_OFF 0x84000008ul
#define SPURIOUS 1020
#define INTERRUPT_MASK 0x3ff
#define TIMER 27
#define SGI_MAIL 1
#define SGI_END 2
#define SVC 0x15

void first_main(void);
void second_main(void);
void interrupt(void);
void idle_main(void);
void task_call(struct frame *frame);
void task_interrupt(struct frame *frame);
void unexpected_exception(uint64_t number);

// How many rounds each task makes. Whoever loads the guest may write another number here.
volatile uint64_t rounds = 200;

static uint32_t cpus;
static uint64_t ticks[MAXIMUM_CPUS];
static uint64_t mails[MAXIMUM_CPUS];

static uint32_t cpu_number(void)
{
    uint64_t value;
    asm volatile("mrs %0, mpidr_el1" : "=r"(value));
    return value & 0xff;
}

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

// Every interrupt that is pending.
void interrupt(void)
{
    for (;;)
    {
        uint32_t acknowledged = interrupt_begin();
        uint32_t id = acknowledged & INTERRUPT_MASK;

        if (id >= SPURIOUS)
            return;
        if (id == TIMER)
        {
            ticks[cpu_number()]++;
            timer_start();
        }

        if (id == SGI_MAIL)
        {
            mails[cpu_number()]++;
            task_deliver();
        }

        interrupt_end(acknowledged);
    }
}

static _Noreturn void go_on(struct frame *interrupted)
{
    if (interrupted != 0)
        task_requeue(interrupted);
    struct frame *next = task_next();
    if (next != 0)
        run(next);
    idle();
}

// The end waits for interrupts, so that it is known that there were some.
static uint32_t was_interrupted(void)
{
    uint64_t all_mails = 0;

    for (uint32_t i = 0; i < cpus; i++)
        all_mails += *(volatile uint64_t *)&mails[i];
    return *(volatile uint64_t *)&ticks[0] != 0 && all_mails != 0;
}

static _Noreturn void finish(void)
{
    print("result", tasks_result() ^ user_result());
    psci(PSCI_SYSTEM_OFF, 0, 0, 0);
    for (;;)
    {
    }
}

void idle_main(void)
{
    uint32_t cpu = cpu_number();

    for (;;)
    {
        struct frame *next = task_next();
        if (next != 0)
            run(next);
        if (cpu == 0 && tasks_are_done() && was_interrupted())
            finish();
        asm volatile("wfi\n\tmsr daifclr, #2\n\tisb\n\tmsr daifset, #2" : : : "memory");
    }
}

void task_call(struct frame *frame)
{
    uint64_t syndrome;

    asm volatile("mrs %0, esr_el1" : "=r"(syndrome));
    if (syndrome >> 26 != SVC)
        unexpected_exception(8);
    switch (frame->x[8])
    {
    case CALL_EXIT:
        task_exit(frame, frame->x[0]);
        if (tasks_are_done())
            interrupt_send(SGI_END, 1);
        go_on(0);
    case CALL_YIELD:
        go_on(frame);
    case CALL_ADD:
        frame->x[0] = task_add(frame, frame->x[0]);
        break;
    case CALL_SEND:
        task_send(frame->x[0], frame->x[1]);
        interrupt_send(SGI_MAIL, 1u << (frame->x[1] % cpus));
        break;
    default:
        unexpected_exception(8);
    }

    run(frame);
}

void task_interrupt(struct frame *frame)
{
    interrupt();
    go_on(frame);
}

void first_main(void)
{
    cpus = interrupts_cpus();
    mmu_fill();
    mmu_enable();
    interrupts_start(0);
    tasks_create(rounds);
    asm volatile("dsb sy" : : : "memory");
    for (uint32_t cpu = 1; cpu < cpus; cpu++)
        psci(PSCI_CPU_ON, cpu, (uint64_t)second_entry, 0);
    go_on(0);
}

void second_main(void)
{
    mmu_enable();
    interrupts_start(cpu_number());
    go_on(0);
}
