// Entry of the first CPU and of those that it turns on, at EL1h with the MMU off and interrupts masked, and the vectors.

        // Else the linker names this file in the symbol table after its object file, which has a random name.
        .file   "start.S"

        .section .text.start, "ax"
        .global _start
        .type   _start, %function
_start:
        adrp    x0, __stack_top
        add     x0, x0, :lo12:__stack_top
        mov     sp, x0
        adrp    x0, vectors
        add     x0, x0, :lo12:vectors
        msr     vbar_el1, x0
        isb
        bl      first_main
        movz    x0, #0x8400, lsl #16
        movk    x0, #0x0008
        hvc     #0
1:      wfi
        b       1b
        .size   _start, . - _start

        .global second_entry
        .type   second_entry, %function
second_entry:
        adrp    x0, __stack_top
        add     x0, x0, :lo12:__stack_top
        sub     sp, x0, #0x4000
        adrp    x0, vectors
        add     x0, x0, :lo12:vectors
        msr     vbar_el1, x0
        isb
        bl      second_main
1:      wfi
        b       1b
        .size   second_entry, . - second_entry

// uint64_t psci(uint64_t function, uint64_t first, uint64_t second, uint64_t third)
        .global psci
        .type   psci, %function
psci:
        hvc     #0
        ret
        .size   psci, . - psci

        .macro  vector number
        .balign 128
        stp     x29, x30, [sp, #-16]!
        mov     x30, #\number
        b       enter
        .endm

        .section .text.vectors, "ax"
        .balign 2048
        .type   vectors, %function
vectors:
        .irp    number, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
        vector  \number
        .endr
        .size   vectors, . - vectors

        // Saves what a C function may change, and returns.
        .type   enter, %function
enter:
        stp     x0, x1, [sp, #-160]!
        stp     x2, x3, [sp, #16]
        stp     x4, x5, [sp, #32]
        stp     x6, x7, [sp, #48]
        stp     x8, x9, [sp, #64]
        stp     x10, x11, [sp, #80]
        stp     x12, x13, [sp, #96]
        stp     x14, x15, [sp, #112]
        stp     x16, x17, [sp, #128]
        str     x18, [sp, #144]
        mov     x0, x30
        bl      exception
        ldp     x2, x3, [sp, #16]
        ldp     x4, x5, [sp, #32]
        ldp     x6, x7, [sp, #48]
        ldp     x8, x9, [sp, #64]
        ldp     x10, x11, [sp, #80]
        ldp     x12, x13, [sp, #96]
        ldp     x14, x15, [sp, #112]
        ldp     x16, x17, [sp, #128]
        ldr     x18, [sp, #144]
        ldp     x0, x1, [sp], #160
        ldp     x29, x30, [sp], #16
        eret
        .size   enter, . - enter
