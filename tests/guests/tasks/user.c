// What runs at EL0: tasks in pairs, one of which sends to the other through a pipe. It touches nothing of the kernel; its constants are immediate. What a task computes does not depend
// on how tasks take turns.
#include "kernel.h"

static inline __attribute__((always_inline)) uint64_t call(uint64_t number, uint64_t first, uint64_t second)
{
    register uint64_t x8 asm("x8") = number;
    register uint64_t x0 asm("x0") = first;
    register uint64_t x1 asm("x1") = second;

    asm volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1) : "memory");
    return x0;
}

USER TRACED static uint64_t compute(uint64_t state, uint64_t steps)
{
    for (uint64_t i = 0; i < steps; i++)
        state = mix(state);
    return state;
}

USER void task_main(uint64_t id, uint64_t work)
{
    uint64_t state = compute(id + 0x5eed, 1);

    for (uint64_t round = 0; round < work; round++)
    {
        state = compute(state, 16 + (state & 63));
        if ((id & 1) == 0)
            call(SYSTEM_WRITE, id / 2, state);
        else
            state ^= call(SYSTEM_READ, id / 2, 0);
        if ((round & 7) == id)
            state ^= call(SYSTEM_DIGEST, state & 0xffff, 0);
        if ((round & 3) == 1)
            state ^= call(SYSTEM_ADD, state & 0xffff, 0);
        if ((round & 15) == 3)
            call(SYSTEM_YIELD, 0, 0);
    }

    call(SYSTEM_EXIT, state, 0);
    for (;;)
    {
    }
}
