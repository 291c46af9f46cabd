// Text to the UART.
#include "platform.h"

#define UART_FLAGS (UART + 0x18)
#define UART_FLAG_FULL (1u << 5)

static void put(char character)
{
    while ((read32(UART_FLAGS) & UART_FLAG_FULL) != 0)
    {
    }

    write32(UART, (uint8_t)character);
}

void print(const char *name, uint64_t value)
{
    while (*name != 0)
        put(*name++);
    put(' ');
    for (int shift = 60; shift >= 0; shift -= 4)
        put("0123456789abcdef"[value >> shift & 15]);
    put('\n');
}
