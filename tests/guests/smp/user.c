// What runs at EL0, in all tasks alike. It touches nothing of the kernel; its constants are immediate.
#include "platform.h"

static USER_DATA __attribute__((aligned(64))) uint32_t pair_lock;
static USER_DATA __attribute__((aligned(64))) uint32_t word_lock;
static USER_DATA uint64_t pair_sum;
static USER_DATA uint64_t pair_count;
static USER_DATA uint64_t word_sum;
static USER_DATA __attribute__((aligned(64))) uint64_t atomic_sum;

static inline __attribute__((always_inline)) uint64_t call(uint64_t number, uint64_t first, uint64_t second)
{
    register uint64_t x8 asm("x8") = number;
    register uint64_t x0 asm("x0") = first;
    register uint64_t x1 asm("x1") = second;

    asm volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1) : "memory");
    return x0;
}

// A lock of exclusives. Who waits spins some time, then gives the CPU away.
static inline __attribute__((always_inline)) void lock_by_exclusives(uint32_t *lock)
{
    uint32_t old, failed;

    for (uint32_t tries = 0;; tries++)
    {
        asm volatile(
            "ldaxr %w0, [%2]\n\t"
            "mov %w1, #1\n\t"
            "cbnz %w0, 1f\n\t"
            "stxr %w1, %w3, [%2]\n"
            "1:"
            : "=&r"(old), "=&r"(failed)
            : "r"(lock), "r"(1)
            : "memory");
        if (old == 0 && failed == 0)
            return;
        if ((tries & 15) == 15)
            call(CALL_YIELD, 0, 0);
    }
}

// The same by one atomic instruction.
static inline __attribute__((always_inline)) void lock_by_swap(uint32_t *lock)
{
    uint32_t old;

    for (uint32_t tries = 0;; tries++)
    {
        asm volatile(".arch armv8.1-a\n\tswpa %w1, %w0, [%2]" : "=&r"(old) : "r"(1), "r"(lock) : "memory");
        if (old == 0)
            return;
        if ((tries & 15) == 15)
            call(CALL_YIELD, 0, 0);
    }
}

static inline __attribute__((always_inline)) void unlock_word(uint32_t *lock)
{
    asm volatile("stlr wzr, [%0]" : : "r"(lock) : "memory");
}

static inline __attribute__((always_inline)) void add_atomically(uint64_t *sum, uint64_t value, uint64_t has_lse)
{
    uint64_t old;
    uint32_t failed;

    if (has_lse)
    {
        asm volatile(".arch armv8.1-a\n\tstadd %0, [%1]" : : "r"(value), "r"(sum) : "memory");
        return;
    }

    asm volatile(
        "1: ldxr %0, [%2]\n\t"
        "add %0, %0, %3\n\t"
        "stxr %w1, %0, [%2]\n\t"
        "cbnz %w1, 1b"
        : "=&r"(old), "=&r"(failed)
        : "r"(sum), "r"(value)
        : "memory");
}

USER void user_main(uint64_t id, uint64_t work, uint64_t has_lse)
{
    uint64_t state = mix(id + 0x5eed);

    for (uint64_t round = 0; round < work; round++)
    {
        for (uint32_t i = 0; i < 24; i++)
            state = mix(state);

        lock_by_exclusives(&pair_lock);
        pair_sum += state & 0xffff;
        pair_count++;
        unlock_word(&pair_lock);

        if (has_lse)
            lock_by_swap(&word_lock);
        else
            lock_by_exclusives(&word_lock);
        word_sum += state >> 48;
        unlock_word(&word_lock);

        add_atomically(&atomic_sum, state >> 32 & 0xffff, has_lse);
        if ((round & 3) == 0)
            state ^= call(CALL_ADD, state & 0xffffff, 0);
        if ((round & 15) == id)
            call(CALL_SEND, id + 1 + (state & 3), state & 0xfffff);
        if ((round & 31) == 31)
            call(CALL_YIELD, 0, 0);
    }

    call(CALL_EXIT, state, 0);
    for (;;)
    {
    }
}

uint64_t user_result(void)
{
    print("exclusives", pair_sum);
    print("rounds", pair_count);
    print("swaps", word_sum);
    print("additions", atomic_sum);
    return pair_sum + mix(pair_count) + mix(word_sum) + mix(atomic_sum);
}
