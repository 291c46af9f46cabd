// System calls. They run with interrupts on, so that the timer takes the CPU away in the middle of them.
#include "kernel.h"

#define SVC 0x15
#define DEPTH 3

struct pipe
{
    struct semaphore items;
    struct semaphore spaces;
    struct spinlock lock;
    uint64_t read;
    uint64_t written;
    uint64_t values[PIPE_SIZE];
};

typedef uint64_t call_handler(uint64_t first, uint64_t second);

void unexpected_exception(uint64_t number);

static struct pipe pipes[PIPES];
static struct spinlock sum_lock;
static uint64_t sum;
static uint64_t calls[SYSTEM_CALLS];

void pipes_create(void)
{
    for (uint32_t i = 0; i < PIPES; i++)
        pipes[i].spaces.count = PIPE_SIZE;
}

TRACED static void pipe_put(struct pipe *pipe, uint64_t value)
{
    uint64_t state = interrupts_mask();

    lock(&pipe->lock);
    pipe->values[pipe->written++ % PIPE_SIZE] = value;
    unlock(&pipe->lock);
    interrupts_restore(state);
}

TRACED static uint64_t pipe_take(struct pipe *pipe)
{
    uint64_t state = interrupts_mask();

    lock(&pipe->lock);
    uint64_t value = pipe->values[pipe->read++ % PIPE_SIZE];
    unlock(&pipe->lock);
    interrupts_restore(state);
    return value;
}

TRACED static uint64_t digest(uint64_t value, uint64_t depth)
{
    if (depth == 0)
        return mix(value);
    return digest(value + depth, depth - 1) ^ mix(digest(mix(value), depth - 1));
}

TRACED static uint64_t call_exit(uint64_t result, uint64_t unused)
{
    (void)unused;
    thread_exit(result);
}

TRACED static uint64_t call_yield(uint64_t unused, uint64_t unused2)
{
    (void)unused;
    (void)unused2;
    schedule();
    return 0;
}

TRACED static uint64_t call_write(uint64_t number, uint64_t value)
{
    struct pipe *pipe = &pipes[number % PIPES];

    semaphore_down(&pipe->spaces);
    pipe_put(pipe, value);
    semaphore_up(&pipe->items);
    return 0;
}

TRACED static uint64_t call_read(uint64_t number, uint64_t unused)
{
    struct pipe *pipe = &pipes[number % PIPES];

    (void)unused;
    semaphore_down(&pipe->items);
    uint64_t value = pipe_take(pipe);
    semaphore_up(&pipe->spaces);
    return value;
}

// A tail call.
TRACED static uint64_t call_digest(uint64_t value, uint64_t unused)
{
    (void)unused;
    return digest(value, DEPTH);
}

TRACED static uint64_t call_add(uint64_t value, uint64_t unused)
{
    uint64_t state = interrupts_mask();

    (void)unused;
    lock(&sum_lock);
    sum += value;
    unlock(&sum_lock);
    interrupts_restore(state);
    return mix(value);
}

static call_handler *const handlers[SYSTEM_CALLS] = {
    [SYSTEM_EXIT] = call_exit,
    [SYSTEM_YIELD] = call_yield,
    [SYSTEM_WRITE] = call_write,
    [SYSTEM_READ] = call_read,
    [SYSTEM_DIGEST] = call_digest,
    [SYSTEM_ADD] = call_add,
};

TRACED void system_call(struct frame *frame)
{
    uint64_t syndrome;

    asm volatile("mrs %0, esr_el1" : "=r"(syndrome));
    if (syndrome >> 26 != SVC || frame->x[8] >= SYSTEM_CALLS)
        unexpected_exception(8);

    __atomic_fetch_add(&calls[frame->x[8]], 1, __ATOMIC_RELAXED);
    asm volatile("msr daifclr, #2" : : : "memory");
    frame->x[0] = handlers[frame->x[8]](frame->x[0], frame->x[1]);
    asm volatile("msr daifset, #2" : : : "memory");
}

uint64_t calls_result(void)
{
    uint64_t result = sum;

    print("sum", sum);
    for (uint32_t i = 0; i < SYSTEM_CALLS; i++)
    {
        print("calls", calls[i]);
        result = mix(result ^ calls[i]);
    }

    return result;
}
