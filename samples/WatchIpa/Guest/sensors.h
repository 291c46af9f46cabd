// The sensors of the station, a linked list in the order of their names.
#ifndef SENSORS_H
#define SENSORS_H

#include <stdint.h>

struct sensor
{
    struct sensor *next;
    const char *name;
    double base;
    double swing;
    uint32_t number;
    uint32_t noise;
    uint32_t count;
    double sum;
    double squares;
    double lowest;
    double highest;
};

extern struct sensor *station_sensors;

void sensors_add(struct sensor *sensor);
struct sensor *sensors_find(uint32_t number);

// The mean of many noisy readings.
double sensor_measure(struct sensor *sensor);

void sensor_record(struct sensor *sensor, double value);
double sensor_mean(const struct sensor *sensor);
double sensor_deviation(const struct sensor *sensor);

#endif
