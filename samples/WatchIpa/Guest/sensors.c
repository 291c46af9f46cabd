#include "sensors.h"

#define READINGS 2048

struct sensor *station_sensors;

static int compare(const char *left, const char *right)
{
    while (*left != '\0' && *left == *right)
    {
        left++;
        right++;
    }

    return (uint8_t)*left - (uint8_t)*right;
}

void sensors_add(struct sensor *sensor)
{
    struct sensor **link = &station_sensors;

    while (*link != 0 && compare((*link)->name, sensor->name) < 0)
        link = &(*link)->next;

    sensor->next = *link;
    *link = sensor;
}

struct sensor *sensors_find(uint32_t number)
{
    struct sensor *sensor = station_sensors;

    while (sensor != 0 && sensor->number != number)
        sensor = sensor->next;

    return sensor;
}

double sensor_measure(struct sensor *sensor)
{
    uint32_t noise = sensor->noise;
    double sum = 0;

    for (int reading = 0; reading < READINGS; reading++)
    {
        noise ^= noise << 13;
        noise ^= noise >> 17;
        noise ^= noise << 5;
        sum += (double)(noise >> 8) / (1 << 24);
    }

    sensor->noise = noise;
    return sensor->base + sensor->swing * (sum / READINGS - 0.5);
}

void sensor_record(struct sensor *sensor, double value)
{
    if (sensor->count == 0 || value < sensor->lowest)
        sensor->lowest = value;

    if (sensor->count == 0 || value > sensor->highest)
        sensor->highest = value;

    sensor->count++;
    sensor->sum += value;
    sensor->squares += value * value;
}

double sensor_mean(const struct sensor *sensor)
{
    return sensor->sum / sensor->count;
}

double sensor_deviation(const struct sensor *sensor)
{
    const double mean = sensor_mean(sensor);
    const double variance = sensor->squares / sensor->count - mean * mean;

    return variance > 0 ? __builtin_sqrt(variance) : 0;
}
