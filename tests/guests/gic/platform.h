// What the board has: QEMU's "virt" with a GICv2, and any machine that looks like it.
#ifndef PLATFORM_H
#define PLATFORM_H

#include <stdint.h>

#define GICD 0x08000000ul
#define GICC 0x08010000ul
#define GICH 0x08030000ul
#define GICV 0x08040000ul
#define UART 0x09000000ul

#define UART_INTERRUPT 33
#define MAINTENANCE 25
#define VIRTUAL_TIMER 27
#define PHYSICAL_TIMER 30
#define SPURIOUS 1023

static inline uint32_t read32(uint64_t address)
{
    uint32_t value;
    asm volatile("ldr %w0, [%1]" : "=r"(value) : "r"(address) : "memory");
    return value;
}

static inline void write32(uint64_t address, uint32_t value)
{
    asm volatile("str %w0, [%1]\n\tdsb sy" : : "r"(value), "r"(address) : "memory");
}

static inline uint8_t read8(uint64_t address)
{
    uint8_t value;
    asm volatile("ldrb %w0, [%1]" : "=r"(value) : "r"(address) : "memory");
    return value;
}

static inline void write8(uint64_t address, uint8_t value)
{
    asm volatile("strb %w0, [%1]\n\tdsb sy" : : "r"(value), "r"(address) : "memory");
}

// Answers of firmware, by HVC.
uint64_t psci(uint64_t function, uint64_t first, uint64_t second, uint64_t third);

void print(const char *name, uint32_t value);
void heading(const char *text);

extern char second_entry[];

#endif
