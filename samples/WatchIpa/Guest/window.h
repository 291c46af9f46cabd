// Runs of device registers. The pointers are not volatile: as in many drivers the author trusts in barriers, and GCC picks the
// form of each access, here pairs and post-index, which hardware reports to a hypervisor without saying what they are.
#ifndef WINDOW_H
#define WINDOW_H

#include <stddef.h>
#include <stdint.h>

void window_write(uint32_t *window, const uint32_t *values, size_t count);
void window_write_two(uint32_t *window, uint32_t first, uint32_t second);

// The low bytes of eight registers, the first one lowest.
uint64_t window_read_bytes(const uint32_t *window);

#endif
