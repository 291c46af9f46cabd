// CRC-32 bit by bit: shifts, conditional exclusive or, one byte load in some forty instructions.
#include "kernel.h"

static uint8_t s_data[4096];

uint64_t kernel(uint64_t loops)
{
    uint64_t random = 1;
    uint64_t checksum = 0;

    for (size_t index = 0; index < sizeof s_data; index++)
        s_data[index] = (uint8_t)next_random(&random);

    for (uint64_t loop = 0; loop < loops; loop++)
    {
        uint32_t crc = ~(uint32_t)loop;

        for (size_t index = 0; index < sizeof s_data; index++)
        {
            crc ^= s_data[index];
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
        }

        checksum = fold(checksum, ~crc);
    }

    return checksum;
}
