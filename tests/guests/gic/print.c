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

static void put_text(const char *text)
{
    while (*text != 0)
        put(*text++);
}

void heading(const char *text)
{
    put_text("# ");
    put_text(text);
    put('\n');
}

void print(const char *name, uint32_t value)
{
    put_text(name);
    put(' ');
    for (int shift = 28; shift >= 0; shift -= 4)
        put("0123456789abcdef"[value >> shift & 15]);
    put('\n');
}
