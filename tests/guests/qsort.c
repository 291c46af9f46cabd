// Quicksort through a comparison function, as the C library does it: indirect calls, unpredictable branches.
#include "kernel.h"

#define COUNT 512

static uint64_t s_numbers[COUNT];

typedef int comparison(const uint64_t *left, const uint64_t *right);

static int ascending(const uint64_t *left, const uint64_t *right)
{
    return (*left > *right) - (*left < *right);
}

static int by_low_half(const uint64_t *left, const uint64_t *right)
{
    return ((uint32_t)*left > (uint32_t)*right) - ((uint32_t)*left < (uint32_t)*right);
}

static void swap(uint64_t *left, uint64_t *right)
{
    const uint64_t value = *left;

    *left = *right;
    *right = value;
}

__attribute__((noipa))
static void sort(uint64_t *first, uint64_t *last, comparison *compare)
{
    while (last - first > 1)
    {
        uint64_t *left = first;
        uint64_t *right = last - 1;
        const uint64_t pivot = first[(last - first) / 2];

        while (left <= right)
        {
            while (compare(left, &pivot) < 0)
                left++;

            while (compare(right, &pivot) > 0)
                right--;

            if (left <= right)
                swap(left++, right--);
        }

        // The smaller half by recursion, so that the stack stays small.
        if (right - first < last - left)
        {
            sort(first, right + 1, compare);
            first = left;
        }
        else
        {
            sort(left, last, compare);
            last = right + 1;
        }
    }
}

uint64_t kernel(uint64_t loops)
{
    uint64_t random = 1;
    uint64_t checksum = 0;

    for (uint64_t loop = 0; loop < loops; loop++)
    {
        for (size_t index = 0; index < COUNT; index++)
            s_numbers[index] = next_random(&random);

        sort(s_numbers, s_numbers + COUNT, ascending);
        checksum = fold(checksum, s_numbers[loop % COUNT]);
        sort(s_numbers, s_numbers + COUNT, by_low_half);
        checksum = fold(checksum, s_numbers[loop % COUNT]);
    }

    return checksum;
}
