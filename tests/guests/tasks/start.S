// Entry of the CPUs, exceptions, and the switch from one kernel thread to another.

        // Else the linker names this file in the symbol table after its object file, which has a random name.
        .file   "start.S"

        .macro  save
        sub     sp, sp, #272
        stp     x0, x1, [sp]
        stp     x2, x3, [sp, #16]
        stp     x4, x5, [sp, #32]
        stp     x6, x7, [sp, #48]
        stp     x8, x9, [sp, #64]
        stp     x10, x11, [sp, #80]
        stp     x12, x13, [sp, #96]
        stp     x14, x15, [sp, #112]
        stp     x16, x17, [sp, #128]
        stp     x18, x19, [sp, #144]
        stp     x20, x21, [sp, #160]
        stp     x22, x23, [sp, #176]
        stp     x24, x25, [sp, #192]
        stp     x26, x27, [sp, #208]
        stp     x28, x29, [sp, #224]
        mrs     x1, sp_el0
        mrs     x2, elr_el1
        mrs     x3, spsr_el1
        stp     x30, x1, [sp, #240]
        stp     x2, x3, [sp, #256]
        mov     x0, sp
        .endm

        .section .text.start, "ax"
        .global _start
        .type   _start, %function
_start:
        bl      install
        bl      first_main
        .size   _start, . - _start

        .global second_entry
        .type   second_entry, %function
second_entry:
        bl      install
        bl      second_main
        .size   second_entry, . - second_entry

// The vectors, and a stack of 8 KiB by the number of the CPU.
        .type   install, %function
install:
        mrs     x1, mpidr_el1
        and     x1, x1, #0xff
        add     x1, x1, #1
        adrp    x2, __stacks
        add     x2, x2, :lo12:__stacks
        add     x2, x2, x1, lsl #13
        mov     sp, x2
        adrp    x1, vectors
        add     x1, x1, :lo12:vectors
        msr     vbar_el1, x1
        isb
        ret
        .size   install, . - install

// uint64_t psci(uint64_t function, uint64_t first, uint64_t second, uint64_t third)
        .global psci
        .type   psci, %function
psci:
        hvc     #0
        ret
        .size   psci, . - psci

// void switch_to(struct thread *from, struct thread *to): returns when somebody switches back. What a callee preserves is kept on the stack.
        .global switch_to
        .type   switch_to, %function
switch_to:
        stp     x29, x30, [sp, #-96]!
        stp     x19, x20, [sp, #16]
        stp     x21, x22, [sp, #32]
        stp     x23, x24, [sp, #48]
        stp     x25, x26, [sp, #64]
        stp     x27, x28, [sp, #80]
        mov     x9, sp
        str     x9, [x0]
        ldr     x9, [x1]
        mov     sp, x9
        msr     tpidr_el1, x1
        ldp     x19, x20, [sp, #16]
        ldp     x21, x22, [sp, #32]
        ldp     x23, x24, [sp, #48]
        ldp     x25, x26, [sp, #64]
        ldp     x27, x28, [sp, #80]
        ldp     x29, x30, [sp], #96
        ret
        .size   switch_to, . - switch_to

// Where a new thread comes to from switch_to: its frame is on the stack.
        .global thread_start
        .type   thread_start, %function
thread_start:
        bl      schedule_end
        b       leave
        .size   thread_start, . - thread_start

        .type   leave, %function
leave:
        ldp     x2, x3, [sp, #256]
        ldp     x30, x1, [sp, #240]
        msr     sp_el0, x1
        msr     elr_el1, x2
        msr     spsr_el1, x3
        ldp     x0, x1, [sp]
        ldp     x2, x3, [sp, #16]
        ldp     x4, x5, [sp, #32]
        ldp     x6, x7, [sp, #48]
        ldp     x8, x9, [sp, #64]
        ldp     x10, x11, [sp, #80]
        ldp     x12, x13, [sp, #96]
        ldp     x14, x15, [sp, #112]
        ldp     x16, x17, [sp, #128]
        ldp     x18, x19, [sp, #144]
        ldp     x20, x21, [sp, #160]
        ldp     x22, x23, [sp, #176]
        ldp     x24, x25, [sp, #192]
        ldp     x26, x27, [sp, #208]
        ldp     x28, x29, [sp, #224]
        add     sp, sp, #272
        eret
        .size   leave, . - leave

        .macro  handled handler
        .balign 128
        save
        bl      \handler
        b       leave
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
        handled interrupt
        unexpected 6
        unexpected 7
        handled system_call
        handled interrupt
        unexpected 10
        unexpected 11
        unexpected 12
        unexpected 13
        unexpected 14
        unexpected 15
        .size   vectors, . - vectors
