// The kernel's lock: a ticket lock of exclusive loads and stores. Who waits sleeps until the owner's word is written.
#include "platform.h"

void lock(struct spinlock *lock)
{
    uint32_t ticket, next, failed, owner;

    asm volatile(
        "1: ldaxr %w0, [%4]\n\t"
        "add %w1, %w0, #1\n\t"
        "stxr %w2, %w1, [%4]\n\t"
        "cbnz %w2, 1b\n\t"
        "ldar %w3, [%5]\n\t"
        "cmp %w3, %w0\n\t"
        "b.eq 3f\n\t"
        "sevl\n"
        "2: wfe\n\t"
        "ldaxr %w3, [%5]\n\t"
        "cmp %w3, %w0\n\t"
        "b.ne 2b\n"
        "3:"
        : "=&r"(ticket), "=&r"(next), "=&r"(failed), "=&r"(owner)
        : "r"(&lock->next), "r"(&lock->owner)
        : "memory", "cc");
}

void unlock(struct spinlock *lock)
{
    asm volatile("stlr %w0, [%1]" : : "r"(lock->owner + 1), "r"(&lock->owner) : "memory");
}
