// Copies of many sizes: SIMD pairs for aligned blocks, bytes for the rest.
#include "kernel.h"

#define SIZE 0x8000

static uint8_t s_source[SIZE] __attribute__((aligned(64)));
static uint8_t s_target[SIZE] __attribute__((aligned(64)));

uint64_t kernel(uint64_t loops)
{
    uint64_t random = 1;
    uint64_t checksum = 0;

    for (size_t index = 0; index < SIZE; index++)
        s_source[index] = (uint8_t)next_random(&random);

    for (uint64_t loop = 0; loop < loops; loop++)
    {
        memcpy(s_target, s_source, SIZE);
        memcpy(s_source, s_target + 64, SIZE / 2);
        for (size_t size = 1; size < 512; size += 37)
            memcpy(s_source + size, s_target + 3 * size, size);

        checksum = fold(checksum, *(uint64_t *)&s_target[loop * 8 % SIZE]);
        checksum = fold(checksum, *(uint64_t *)&s_source[loop * 24 % SIZE]);
    }

    return checksum;
}
