// What an ordinary program does, a little of each: a hash table, a linked list, text, division, doubles, indirect calls.
#include "kernel.h"

#define BUCKETS 256
#define NODES 512

struct node
{
    struct node *next;
    uint64_t key;
    double weight;
};

static struct node s_nodes[NODES];
static struct node *s_buckets[BUCKETS];

static uint64_t hash(uint64_t key)
{
    key *= 0xff51afd7ed558ccdull;
    return (key ^ key >> 33) % BUCKETS;
}

static void insert(struct node *node, uint64_t key)
{
    struct node **bucket = &s_buckets[hash(key)];

    node->key = key;
    node->weight = (double)(key % 1000) / 8;
    node->next = *bucket;
    *bucket = node;
}

static struct node *find(uint64_t key)
{
    struct node *node = s_buckets[hash(key)];

    while (node != NULL && node->key != key)
        node = node->next;

    return node;
}

static size_t format(char *text, uint64_t number)
{
    char digits[20];
    size_t count = 0;
    size_t length = 0;

    do
    {
        digits[count++] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);

    while (count != 0)
        text[length++] = digits[--count];

    return length;
}

static uint64_t parse(const char *text, size_t length)
{
    uint64_t number = 0;

    for (size_t index = 0; index < length; index++)
        number = number * 10 + (uint64_t)(text[index] - '0');

    return number;
}

typedef uint64_t step(uint64_t value);

static uint64_t step_shift(uint64_t value)
{
    return value >> 3 ^ value << 5;
}

static uint64_t step_multiply(uint64_t value)
{
    return value * 2654435761u + 12345;
}

static uint64_t step_root(uint64_t value)
{
    return (uint64_t)(__builtin_sqrt((double)(uint32_t)value) * 1.5);
}

static uint64_t step_divide(uint64_t value)
{
    return value / ((value & 63) + 3);
}

static step *const s_steps[] = { step_shift, step_multiply, step_root, step_divide };

uint64_t kernel(uint64_t loops)
{
    uint64_t random = 1;
    uint64_t checksum = 0;

    for (uint64_t loop = 0; loop < loops; loop++)
    {
        double sum = 0;

        memset(s_buckets, 0, sizeof s_buckets);
        for (size_t index = 0; index < NODES; index++)
            insert(&s_nodes[index], next_random(&random) >> 40);

        for (size_t index = 0; index < NODES; index++)
        {
            char text[24];
            const uint64_t key = s_nodes[index * 7 % NODES].key;
            const struct node *found = find(parse(text, format(text, key)));

            sum += found->weight;
            checksum = fold(checksum, s_steps[key & 3](key));
        }

        checksum = fold(checksum, (uint64_t)sum);
    }

    return checksum;
}
