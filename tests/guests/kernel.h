// What a benchmark kernel is: a function of its loop count that returns a checksum of all that it computed.
#ifndef KERNEL_H
#define KERNEL_H

#include <stddef.h>
#include <stdint.h>

uint64_t kernel(uint64_t loops);

// GCC calls both by itself.
void *memcpy(void *restrict to, const void *restrict from, size_t count);
void *memset(void *to, int value, size_t count);

// Pseudorandom numbers (xorshift); the state must not be 0.
static inline uint64_t next_random(uint64_t *state)
{
    uint64_t value = *state;

    value ^= value << 13;
    value ^= value >> 7;
    value ^= value << 17;
    return *state = value;
}

// Folds a value into a checksum so that order matters.
static inline uint64_t fold(uint64_t checksum, uint64_t value)
{
    return (checksum ^ value) * 0x9e3779b97f4a7c15ull + 1;
}

#endif
