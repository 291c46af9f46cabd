// Tasks of EL0, their queue and what they send each other. Any CPU runs any task. What a task computes depends on the task alone, and sums do not depend on the
// order in which they are made: so the result is one number, however the CPUs interleave.
#include "platform.h"

struct task
{
    struct frame frame;
    struct task *next;
    uint64_t sum;
    uint64_t inbox;
    uint64_t result;
};

struct message
{
    uint64_t receiver;
    uint64_t value;
};

#define MESSAGES 64

static struct task tasks[TASKS];
static __attribute__((aligned(64))) struct spinlock queue_lock;
static struct task *first, *last;
static uint32_t done;

static __attribute__((aligned(64))) struct spinlock mail_lock;
static struct message mail[MESSAGES];
static uint32_t mail_count;
static uint64_t sent, delivered;

USER_DATA static __attribute__((aligned(4096))) uint8_t user_stacks[TASKS][USER_STACK];

static void append(struct task *task)
{
    task->next = 0;
    if (first == 0)
        first = task;
    else
        last->next = task;
    last = task;
}

void tasks_create(uint64_t work)
{
    uint64_t features;

    asm volatile("mrs %0, id_aa64isar0_el1" : "=r"(features));
    for (uint64_t id = 0; id < TASKS; id++)
    {
        struct frame *frame = &tasks[id].frame;

        frame->x[0] = id;
        frame->x[1] = work;
        frame->x[2] = (features >> 20 & 15) >= 2;
        frame->sp = (uint64_t)(user_stacks[id] + USER_STACK);
        frame->elr = (uint64_t)user_main;
        frame->spsr = 0;
        append(&tasks[id]);
    }
}

struct frame *task_next(void)
{
    lock(&queue_lock);
    struct task *task = first;
    if (task != 0)
        first = task->next;
    unlock(&queue_lock);
    return task == 0 ? 0 : &task->frame;
}

void task_requeue(struct frame *frame)
{
    lock(&queue_lock);
    append((struct task *)frame);
    unlock(&queue_lock);
}

void task_exit(struct frame *frame, uint64_t result)
{
    lock(&queue_lock);
    ((struct task *)frame)->result = result;
    done++;
    unlock(&queue_lock);
}

uint64_t task_add(struct frame *frame, uint64_t value)
{
    lock(&queue_lock);
    ((struct task *)frame)->sum += value;
    unlock(&queue_lock);
    return mix(value);
}

void task_deliver(void)
{
    lock(&mail_lock);
    for (uint32_t i = 0; i < mail_count; i++)
    {
        tasks[mail[i].receiver].inbox += mix(mail[i].value);
        delivered++;
    }

    mail_count = 0;
    unlock(&mail_lock);
}

void task_send(uint64_t receiver, uint64_t value)
{
    for (;;)
    {
        lock(&mail_lock);
        if (mail_count != MESSAGES)
        {
            mail[mail_count].receiver = receiver % TASKS;
            mail[mail_count].value = value;
            mail_count++;
            sent++;
            unlock(&mail_lock);
            return;
        }

        // The CPU that was to deliver them has not come to it.
        unlock(&mail_lock);
        task_deliver();
    }
}

uint32_t tasks_are_done(void)
{
    lock(&queue_lock);
    uint32_t count = done;
    unlock(&queue_lock);
    return count == TASKS;
}

uint64_t tasks_result(void)
{
    uint64_t result = 0;

    task_deliver();
    for (uint32_t id = 0; id < TASKS; id++)
    {
        print("task", tasks[id].result ^ tasks[id].sum ^ tasks[id].inbox);
        result = mix(result ^ tasks[id].result) + tasks[id].sum;
        result = mix(result ^ tasks[id].inbox);
    }

    print("messages", sent);
    print("lost", sent - delivered);
    return result ^ sent;
}
