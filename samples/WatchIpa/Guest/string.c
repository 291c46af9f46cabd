// The two functions of the C library that GCC calls by itself.
#include "platform.h"

// GCC would turn a byte loop into a call of the very function it is in.
#define KEEP_LOOP asm volatile("")

typedef struct
{
    uint8_t bytes[64];
} __attribute__((aligned(1), may_alias)) chunk;

void *memcpy(void *restrict to, const void *restrict from, size_t count)
{
    uint8_t *target = to;
    const uint8_t *source = from;

    for (; count >= sizeof(chunk); count -= sizeof(chunk))
    {
        *(chunk *)target = *(const chunk *)source;
        target += sizeof(chunk);
        source += sizeof(chunk);
    }

    while (count-- != 0)
    {
        KEEP_LOOP;
        *target++ = *source++;
    }

    return to;
}

void *memset(void *to, int value, size_t count)
{
    uint8_t *target = to;

    while (count-- != 0)
    {
        KEEP_LOOP;
        *target++ = (uint8_t)value;
    }

    return to;
}
