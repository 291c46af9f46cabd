// What the parts of this kernel need of each other. The board, its drivers, the MMU and the lock are those of the guest smp.
#ifndef KERNEL_H
#define KERNEL_H

#include "../smp/platform.h"

// Kept a function of its own, entered by its name and left by RET or a tail call, so that a tracer meets all of its calls.
#define TRACED __attribute__((noipa))

#define PIPES (TASKS / 2)
#define PIPE_SIZE 4

// System calls, numbered in x8: the index in the table of calls.c.
enum system_call
{
    SYSTEM_EXIT,    // x0: the result
    SYSTEM_YIELD,
    SYSTEM_WRITE,   // x0: the pipe, x1: the value; waits while the pipe is full
    SYSTEM_READ,    // x0: the pipe; waits while it is empty
    SYSTEM_DIGEST,  // x0: the value; a function of it by a recursion of the kernel
    SYSTEM_ADD,     // x0: added to a sum of all tasks
    SYSTEM_CALLS,
};

// A thread of the kernel. What it was doing lies on its own stack; start.S knows that sp is first.
struct thread
{
    uint64_t sp;
    struct thread *next;
    uint64_t id;
    uint64_t result;
};

struct queue
{
    struct thread *first;
    struct thread *last;
};

struct semaphore
{
    uint64_t count;
    struct queue waiting;
};

// schedule.c
uint64_t interrupts_mask(void);
void interrupts_restore(uint64_t state);
struct thread *thread_current(void);
void threads_create(uint64_t work);
void threads_start_cpu(uint32_t cpu);
uint32_t threads_done(void);
uint64_t threads_result(void);
void schedule(void);
void schedule_end(void);
_Noreturn void thread_exit(uint64_t result);
void semaphore_down(struct semaphore *semaphore);
void semaphore_up(struct semaphore *semaphore);

// calls.c
void pipes_create(void);
void system_call(struct frame *frame);
uint64_t calls_result(void);

// user.c
void task_main(uint64_t id, uint64_t work);

// start.S
void switch_to(struct thread *from, struct thread *to);
extern char thread_start[];

#endif
