// A weather station: in each round the sensors put a batch of samples into the queue, and the statistics take it out again.
#include "log.h"
#include "queue.h"
#include "sensors.h"
#include "uart.h"

#define ROUNDS 12
#define BATCH 8

static struct sensor station_parts[] =
{
    { .name = "thermometer", .base = 18.5, .swing = 40, .number = 0, .noise = 0x1234567 },
    { .name = "barometer", .base = 1013.25, .swing = 90, .number = 1, .noise = 0x89abcde },
    { .name = "hygrometer", .base = 56, .swing = 100, .number = 2, .noise = 0xf012345 },
    { .name = "anemometer", .base = 7.75, .swing = 30, .number = 3, .noise = 0x6789abc },
    { .name = "dew point", .base = -2.5, .swing = 20, .number = 4, .noise = 0xdef0123 },
};

__attribute__((section(".archive")))
static struct sample station_archive[ROUNDS * BATCH];

static uint32_t checksum(const void *data, size_t count)
{
    const uint8_t *next = data;
    uint32_t crc = ~0u;

    while (count-- != 0)
    {
        crc ^= *next++;
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (-(crc & 1) & 0xedb88320);
    }

    return ~crc;
}

static uint32_t produce(uint32_t produced)
{
    struct sample batch[BATCH];
    struct sensor *sensor = sensors_find(produced % 5);

    for (uint32_t index = 0; index < BATCH; index++)
    {
        batch[index] = (struct sample){ sensor->number, produced + index, sensor_measure(sensor) };
        sensor = sensor->next != 0 ? sensor->next : station_sensors;
    }

    return queue_put(batch, BATCH);
}

static uint32_t consume(uint32_t consumed)
{
    struct sample *batch = &station_archive[consumed];
    const uint32_t count = queue_take(batch, ROUNDS * BATCH - consumed);

    for (uint32_t index = 0; index < count; index++)
        sensor_record(sensors_find(batch[index].sensor), batch[index].value);

    return count;
}

static void log_round(uint32_t round)
{
    if (round == 8)
        log_message("anemometer recalibrated after storm");
    else if (round % 3 == 0)
        log_message("all sensors ready");
}

static void report(uint32_t produced, uint32_t consumed)
{
    for (const struct sensor *sensor = station_sensors; sensor != 0; sensor = sensor->next)
    {
        uart_write(sensor->name);
        uart_write(": ");
        uart_write_number(sensor->count);
        uart_write(" samples, mean ");
        uart_write_real(sensor_mean(sensor));
        uart_write(", deviation ");
        uart_write_real(sensor_deviation(sensor));
        uart_write(", from ");
        uart_write_real(sensor->lowest);
        uart_write(" to ");
        uart_write_real(sensor->highest);
        uart_write("\n");
    }

    uart_write("archive checksum ");
    uart_write_hex(checksum(station_archive, consumed * sizeof *station_archive));
    uart_write("\n");
    uart_write_number(produced);
    uart_write(" samples produced, ");
    uart_write_number(consumed);
    uart_write(" consumed");
    if (produced != consumed)
    {
        uart_write(": ");
        uart_write_number(produced - consumed);
        uart_write(" LOST");
    }

    uart_write("\n");
}

int main(void)
{
    uint32_t produced = 0;
    uint32_t consumed = 0;

    uart_initialize(24000000, 115200);
    uart_write("weather station, uart ");
    uart_write_hex(uart_identification());
    uart_write("\n");

    for (size_t index = 0; index < sizeof station_parts / sizeof *station_parts; index++)
        sensors_add(&station_parts[index]);

    for (uint32_t round = 0; round < ROUNDS; round++)
    {
        produced += produce(produced);
        log_round(round);
        consumed += consume(consumed);
    }

    report(produced, consumed);
    return 0;
}

_Noreturn void unexpected_exception(uint64_t vector, uint64_t syndrome, uint64_t address, uint64_t fault)
{
    uart_write("unexpected exception: vector ");
    uart_write_number(vector);
    uart_write(", ESR ");
    uart_write_hex(syndrome);
    uart_write(", ELR ");
    uart_write_hex(address);
    uart_write(", FAR ");
    uart_write_hex(fault);
    uart_write("\n");
    system_off(1);
}
