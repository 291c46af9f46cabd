// The platform this program runs on: one core at EL1h, RAM from 0x40000000, a PL011 UART at 0x09000000, PSCI over HVC.
#ifndef PLATFORM_H
#define PLATFORM_H

#include <stddef.h>
#include <stdint.h>

#define UART_BASE 0x09000000ul

// start.S
_Noreturn void system_off(uint64_t status);

// mmu.c: turns on the MMU with an identity map of this program and of the UART.
void mmu_enable(void);

// string.c: GCC calls both by itself.
void *memcpy(void *restrict to, const void *restrict from, size_t count);
void *memset(void *to, int value, size_t count);

#endif
