// A PL011 UART, and numbers as text.
#ifndef UART_H
#define UART_H

#include "platform.h"

// The clock and the baud rate in hertz.
void uart_initialize(uint32_t clock, uint32_t baud_rate);
void uart_write(const char *text);
void uart_write_number(uint64_t number);
void uart_write_hex(uint64_t number);

// Two digits after the point.
void uart_write_real(double number);

// The eight identification registers, one byte of each, the first one lowest.
uint64_t uart_identification(void);

#endif
