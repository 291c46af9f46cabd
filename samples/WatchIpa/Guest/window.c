#include "window.h"

void window_write(uint32_t *window, const uint32_t *values, size_t count)
{
    const uint32_t *end = values + count;

    while (values != end)
    {
        *window++ = *values++;
        asm volatile("" : : : "memory");
    }
}

void window_write_two(uint32_t *window, uint32_t first, uint32_t second)
{
    window[0] = first;
    window[1] = second;
    asm volatile("" : : : "memory");
}

uint64_t window_read_bytes(const uint32_t *window)
{
    const uint32_t *end = window + 8;
    uint64_t bytes = 0;

    while (window != end)
    {
        bytes = bytes >> 8 | (uint64_t)*window++ << 56;
        asm volatile("" : : : "memory");
    }

    return bytes;
}
