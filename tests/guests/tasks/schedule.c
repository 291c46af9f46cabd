// Threads with a stack each. A thread that waits, or that a timer interrupts, stays in the middle of its calls until some CPU goes on with it. One lock guards the queues; it is
// held over a switch and released by whoever was switched to.
#include "kernel.h"

#define KERNEL_STACK 0x2000
#define SAVED_BY_SWITCH 12
#define SAVED_X30 1

static struct thread threads[TASKS];
static struct thread idlers[MAXIMUM_CPUS];
static __attribute__((aligned(64))) struct spinlock queue_lock;
static struct queue ready;
static uint32_t done;

static __attribute__((aligned(16))) uint8_t kernel_stacks[TASKS][KERNEL_STACK];
USER_DATA static __attribute__((aligned(16))) uint8_t user_stacks[TASKS][USER_STACK];

uint64_t interrupts_mask(void)
{
    uint64_t state;
    asm volatile("mrs %0, daif\n\tmsr daifset, #2" : "=r"(state) : : "memory");
    return state;
}

void interrupts_restore(uint64_t state)
{
    asm volatile("msr daif, %0" : : "r"(state) : "memory");
}

struct thread *thread_current(void)
{
    struct thread *thread;
    asm volatile("mrs %0, tpidr_el1" : "=r"(thread));
    return thread;
}

static struct thread *idle_thread(void)
{
    uint64_t number;
    asm volatile("mrs %0, mpidr_el1" : "=r"(number));
    return &idlers[number & 0xff];
}

TRACED static void enqueue(struct queue *queue, struct thread *thread)
{
    thread->next = 0;
    if (queue->first == 0)
        queue->first = thread;
    else
        queue->last->next = thread;
    queue->last = thread;
}

TRACED static struct thread *dequeue(struct queue *queue)
{
    struct thread *thread = queue->first;
    if (thread != 0)
        queue->first = thread->next;
    return thread;
}

// Goes on with another thread, if there is one; the current one is in a queue already, or never runs again.
TRACED static void switch_away(void)
{
    struct thread *from = thread_current();
    struct thread *to = dequeue(&ready);

    if (to == 0)
        to = idle_thread();
    if (to != from)
        switch_to(from, to);
}

TRACED void schedule(void)
{
    uint64_t state = interrupts_mask();

    lock(&queue_lock);
    if (thread_current() != idle_thread())
        enqueue(&ready, thread_current());
    switch_away();
    unlock(&queue_lock);
    interrupts_restore(state);
}

// What a thread has to do that was switched to for the first time.
TRACED void schedule_end(void)
{
    unlock(&queue_lock);
}

TRACED _Noreturn void thread_exit(uint64_t result)
{
    interrupts_mask();
    lock(&queue_lock);
    thread_current()->result = result;
    done++;
    switch_away();
    for (;;)
    {
    }
}

TRACED void semaphore_down(struct semaphore *semaphore)
{
    uint64_t state = interrupts_mask();

    lock(&queue_lock);
    if (semaphore->count != 0)
        semaphore->count--;
    else
    {
        // Whoever raises it passes it on to this thread.
        enqueue(&semaphore->waiting, thread_current());
        switch_away();
    }

    unlock(&queue_lock);
    interrupts_restore(state);
}

TRACED void semaphore_up(struct semaphore *semaphore)
{
    uint64_t state = interrupts_mask();

    lock(&queue_lock);
    struct thread *thread = dequeue(&semaphore->waiting);
    if (thread != 0)
        enqueue(&ready, thread);
    else
        semaphore->count++;
    unlock(&queue_lock);
    interrupts_restore(state);
}

void threads_create(uint64_t work)
{
    for (uint64_t id = 0; id < TASKS; id++)
    {
        struct frame *frame = (struct frame *)(kernel_stacks[id] + KERNEL_STACK) - 1;
        uint64_t *saved = (uint64_t *)frame - SAVED_BY_SWITCH;

        frame->x[0] = id;
        frame->x[1] = work;
        frame->sp = (uint64_t)(user_stacks[id] + USER_STACK);
        frame->elr = (uint64_t)task_main;
        saved[SAVED_X30] = (uint64_t)thread_start;
        threads[id].sp = (uint64_t)saved;
        threads[id].id = id;
        enqueue(&ready, &threads[id]);
    }
}

void threads_start_cpu(uint32_t cpu)
{
    asm volatile("msr tpidr_el1, %0" : : "r"(&idlers[cpu]) : "memory");
}

uint32_t threads_done(void)
{
    uint64_t state = interrupts_mask();

    lock(&queue_lock);
    uint32_t count = done;
    unlock(&queue_lock);
    interrupts_restore(state);
    return count == TASKS;
}

uint64_t threads_result(void)
{
    uint64_t result = 0;

    for (uint32_t id = 0; id < TASKS; id++)
    {
        print("task", threads[id].result);
        result = mix(result ^ threads[id].result);
    }

    return result;
}
