// What the board has, QEMU's "virt" with a GICv2, and what the parts of the guest need of each other.
#ifndef PLATFORM_H
#define PLATFORM_H

#include <stdint.h>

#define GICD 0x08000000ul
#define GICC 0x08010000ul
#define UART 0x09000000ul

#define MAXIMUM_CPUS 4
#define TASKS 8
#define USER_STACK 0x4000

#define USER __attribute__((section(".user.text")))
#define USER_DATA __attribute__((section(".user.data")))

// System calls, numbered in x8.
enum call
{
    CALL_EXIT,      // x0: the result
    CALL_YIELD,
    CALL_ADD,       // x0: added to the task's sum under the kernel's lock; returns a function of x0 alone
    CALL_SEND,      // x0: the receiver, x1: added to its inbox
};

// What is saved of a task, in the order of start.S.
struct frame
{
    uint64_t x[31];
    uint64_t sp;
    uint64_t elr;
    uint64_t spsr;
};

struct spinlock
{
    uint32_t next;
    uint32_t owner;
};

static inline uint32_t read32(uint64_t address)
{
    uint32_t value;
    asm volatile("ldr %w0, [%1]" : "=r"(value) : "r"(address) : "memory");
    return value;
}

static inline void write32(uint64_t address, uint32_t value)
{
    asm volatile("str %w0, [%1]" : : "r"(value), "r"(address) : "memory");
}

static inline void write8(uint64_t address, uint8_t value)
{
    asm volatile("strb %w0, [%1]" : : "r"(value), "r"(address) : "memory");
}

// A step of a generator whose state is its value.
static inline __attribute__((always_inline)) uint64_t mix(uint64_t value)
{
    value ^= value << 13;
    value ^= value >> 7;
    value ^= value << 17;
    return value * 0x9e3779b97f4a7c15ul + 1;
}

// lock.c
void lock(struct spinlock *lock);
void unlock(struct spinlock *lock);

// mmu.c
void mmu_fill(void);
void mmu_enable(void);

// interrupts.c
void interrupts_start(uint32_t cpu);
uint32_t interrupts_cpus(void);
uint32_t interrupt_begin(void);
void interrupt_end(uint32_t acknowledged);
void interrupt_send(uint32_t id, uint32_t cpus);
void timer_start(void);

// tasks.c
void tasks_create(uint64_t work);
struct frame *task_next(void);
void task_requeue(struct frame *frame);
void task_exit(struct frame *frame, uint64_t result);
uint64_t task_add(struct frame *frame, uint64_t value);
void task_send(uint64_t receiver, uint64_t value);
void task_deliver(void);
uint32_t tasks_are_done(void);
uint64_t tasks_result(void);

// user.c
void user_main(uint64_t id, uint64_t work, uint64_t has_lse);
uint64_t user_result(void);

// print.c
void print(const char *name, uint64_t value);

// start.S
uint64_t psci(uint64_t function, uint64_t first, uint64_t second, uint64_t third);
_Noreturn void run(struct frame *frame);
_Noreturn void idle(void);
extern char second_entry[];

#endif
