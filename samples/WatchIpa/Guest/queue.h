// The ring buffer between the sensors, which produce samples, and the statistics, which consume them.
#ifndef QUEUE_H
#define QUEUE_H

#include <stdint.h>

struct sample
{
    uint32_t sensor;
    uint32_t number;
    double value;
};

// How many of the samples found room.
uint32_t queue_put(const struct sample *samples, uint32_t count);

// How many samples there were, at most `most`.
uint32_t queue_take(struct sample *samples, uint32_t most);

#endif
