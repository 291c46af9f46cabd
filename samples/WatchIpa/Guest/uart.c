#include "uart.h"
#include "window.h"

// Registers of the PL011, all 32 bits wide.
enum
{
    DATA = 0x00 / 4,
    FLAGS = 0x18 / 4,
    BAUD_RATE = 0x24 / 4,
    LINE_CONTROL = 0x2c / 4,
    CONTROL = 0x30 / 4,
    IDENTIFICATION = 0xfe0 / 4,
};

#define FLAG_TRANSMIT_FULL (1u << 5)

static volatile uint32_t *const s_registers = (volatile uint32_t *)UART_BASE;

// Line control (8 bits, FIFOs on), control (receiver, transmitter, UART on), FIFO levels, interrupt mask.
static const uint32_t s_settings[] = { 0x70, 0x301, 0x12, 0 };

void uart_initialize(uint32_t clock, uint32_t baud_rate)
{
    // In 64ths of 16 clocks a bit.
    const uint32_t divisor = (uint32_t)(4ul * clock / baud_rate);

    s_registers[CONTROL] = 0;
    window_write_two((uint32_t *)&s_registers[BAUD_RATE], divisor >> 6, divisor & 63);
    window_write((uint32_t *)&s_registers[LINE_CONTROL], s_settings, sizeof s_settings / sizeof *s_settings);
}

uint64_t uart_identification(void)
{
    return window_read_bytes((const uint32_t *)&s_registers[IDENTIFICATION]);
}

static void put(char character)
{
    while ((s_registers[FLAGS] & FLAG_TRANSMIT_FULL) != 0)
    {
    }

    s_registers[DATA] = (uint8_t)character;
}

void uart_write(const char *text)
{
    while (*text != '\0')
        put(*text++);
}

static void write_digits(uint64_t number, unsigned radix, unsigned least)
{
    char digits[24];
    char *first = &digits[sizeof digits - 1];

    *first = '\0';
    do
    {
        *--first = "0123456789abcdef"[number % radix];
        number /= radix;
        least -= least != 0;
    } while (number != 0 || least != 0);

    uart_write(first);
}

void uart_write_number(uint64_t number)
{
    write_digits(number, 10, 0);
}

void uart_write_hex(uint64_t number)
{
    uart_write("0x");
    write_digits(number, 16, 0);
}

void uart_write_real(double number)
{
    if (number < 0)
    {
        put('-');
        number = -number;
    }

    const uint64_t hundredths = (uint64_t)(number * 100.0 + 0.5);
    write_digits(hundredths / 100, 10, 0);
    put('.');
    write_digits(hundredths % 100, 10, 2);
}
