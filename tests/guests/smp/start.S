// Entry of the CPUs, exceptions, and the way into a task.

        // Else the linker names this file in the symbol table after its object file, which has a random name.
        .file   "start.S"

        // sp: the stack of the CPU whose number is in MPIDR_EL1, 8 KiB of it.
        .macro  own_stack tmp, tmp2
        mrs     \tmp, mpidr_el1
        and     \tmp, \tmp, #0xff
        adrp    \tmp2, __stacks
        add     \tmp2, \tmp2, :lo12:__stacks
        add     \tmp, \tmp, #1
        add     \tmp2, \tmp2, \tmp, lsl #13
        mov     sp, \tmp2
        .endm

        .section .text.start, "ax"
        .global _start
        .type   _start, %function
_start:
        own_stack x1, x2
        bl      install_vectors
        bl      first_main
        .size   _start, . - _start

        .global second_entry
        .type   second_entry, %function
second_entry:
        own_stack x1, x2
        bl      install_vectors
        bl      second_main
        .size   second_entry, . - second_entry

        .type   install_vectors, %function
install_vectors:
        adrp    x1, vectors
        add     x1, x1, :lo12:vectors
        msr     vbar_el1, x1
        isb
        ret
        .size   install_vectors, . - install_vectors

// uint64_t psci(uint64_t function, uint64_t first, uint64_t second, uint64_t third)
        .global psci
        .type   psci, %function
psci:
        hvc     #0
        ret
        .size   psci, . - psci

// _Noreturn void run(struct frame *): goes on with a task. The frame stays in TPIDR_EL1 for the next exception, which finds the CPU's stack empty.
        .global run
        .type   run, %function
run:
        own_stack x1, x2
        msr     tpidr_el1, x0
        ldp     x1, x2, [x0, #248]
        ldr     x3, [x0, #264]
        msr     sp_el0, x1
        msr     elr_el1, x2
        msr     spsr_el1, x3
        mov     x30, x0
        ldp     x0, x1, [x30]
        ldp     x2, x3, [x30, #16]
        ldp     x4, x5, [x30, #32]
        ldp     x6, x7, [x30, #48]
        ldp     x8, x9, [x30, #64]
        ldp     x10, x11, [x30, #80]
        ldp     x12, x13, [x30, #96]
        ldp     x14, x15, [x30, #112]
        ldp     x16, x17, [x30, #128]
        ldp     x18, x19, [x30, #144]
        ldp     x20, x21, [x30, #160]
        ldp     x22, x23, [x30, #176]
        ldp     x24, x25, [x30, #192]
        ldp     x26, x27, [x30, #208]
        ldp     x28, x29, [x30, #224]
        ldr     x30, [x30, #240]
        eret
        .size   run, . - run

// _Noreturn void idle(void): forgets the stack of whatever was done, and waits for work.
        .global idle
        .type   idle, %function
idle:
        own_stack x1, x2
        b       idle_main
        .size   idle, . - idle

        // A task's registers go to its frame, and C decides what comes next.
        .macro  from_task handler
        .balign 128
        str     x0, [sp, #-16]!
        mrs     x0, tpidr_el1
        stp     x2, x3, [x0, #16]
        stp     x4, x5, [x0, #32]
        stp     x6, x7, [x0, #48]
        stp     x8, x9, [x0, #64]
        stp     x10, x11, [x0, #80]
        stp     x12, x13, [x0, #96]
        stp     x14, x15, [x0, #112]
        stp     x16, x17, [x0, #128]
        stp     x18, x19, [x0, #144]
        stp     x20, x21, [x0, #160]
        stp     x22, x23, [x0, #176]
        stp     x24, x25, [x0, #192]
        stp     x26, x27, [x0, #208]
        stp     x28, x29, [x0, #224]
        str     x30, [x0, #240]
        adr     x30, \handler
        b       save_rest
        .endm

        .macro  unexpected number
        .balign 128
        mov     x0, #\number
        b       unexpected_exception
        .endm

        .section .text.vectors, "ax"
        .balign 2048
        .type   vectors, %function
vectors:
        unexpected 0
        unexpected 1
        unexpected 2
        unexpected 3
        unexpected 4

        // An IRQ while idle: only what a C function may change is saved.
        .balign 128
        stp     x29, x30, [sp, #-16]!
        stp     x0, x1, [sp, #-16]!
        b       idle_interrupt
        unexpected 6
        unexpected 7
        from_task task_call
        from_task task_interrupt
        unexpected 10
        unexpected 11
        unexpected 12
        unexpected 13
        unexpected 14
        unexpected 15
        .size   vectors, . - vectors

        .type   save_rest, %function
save_rest:
        ldr     x2, [sp], #16
        stp     x2, x1, [x0]
        mrs     x1, sp_el0
        mrs     x2, elr_el1
        mrs     x3, spsr_el1
        stp     x1, x2, [x0, #248]
        str     x3, [x0, #264]
        br      x30
        .size   save_rest, . - save_rest

        .type   idle_interrupt, %function
idle_interrupt:
        stp     x2, x3, [sp, #-144]!
        stp     x4, x5, [sp, #16]
        stp     x6, x7, [sp, #32]
        stp     x8, x9, [sp, #48]
        stp     x10, x11, [sp, #64]
        stp     x12, x13, [sp, #80]
        stp     x14, x15, [sp, #96]
        stp     x16, x17, [sp, #112]
        str     x18, [sp, #128]
        bl      interrupt
        ldp     x4, x5, [sp, #16]
        ldp     x6, x7, [sp, #32]
        ldp     x8, x9, [sp, #48]
        ldp     x10, x11, [sp, #64]
        ldp     x12, x13, [sp, #80]
        ldp     x14, x15, [sp, #96]
        ldp     x16, x17, [sp, #112]
        ldr     x18, [sp, #128]
        ldp     x2, x3, [sp], #144
        ldp     x0, x1, [sp], #16
        ldp     x29, x30, [sp], #16
        eret
        .size   idle_interrupt, . - idle_interrupt
