#include "queue.h"
#include "platform.h"

#define QUEUE_SIZE 32u

struct sample queue_slots[QUEUE_SIZE] __attribute__((aligned(16)));
uint32_t queue_head; // where the next sample is put
uint32_t queue_tail; // where the next sample is taken

static uint32_t smaller(uint32_t left, uint32_t right)
{
    return left < right ? left : right;
}

uint32_t queue_put(const struct sample *samples, uint32_t count)
{
    const uint32_t head = queue_head;
    const uint32_t room = (queue_tail - head - 1) % QUEUE_SIZE;

    count = smaller(count, room);
    const uint32_t first = smaller(count, QUEUE_SIZE - head);
    memcpy(&queue_slots[head], samples, first * sizeof *samples);
    memcpy(queue_slots, samples + first, (count - first) * sizeof *samples);
    queue_head = (head + count) % QUEUE_SIZE;
    return count;
}

uint32_t queue_take(struct sample *samples, uint32_t most)
{
    const uint32_t tail = queue_tail;
    const uint32_t count = smaller(most, (queue_head - tail) % QUEUE_SIZE);
    const uint32_t first = smaller(count, QUEUE_SIZE - tail);

    memcpy(samples, &queue_slots[tail], first * sizeof *samples);
    memcpy(samples + first, queue_slots, (count - first) * sizeof *samples);
    queue_tail = (tail + count) % QUEUE_SIZE;
    return count;
}
