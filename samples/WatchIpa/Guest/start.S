// Entry at EL1h with the MMU off and interrupts masked, and the exception vectors.

        // Else the linker names this file in the symbol table after its object file, which has a random name.
        .file   "start.S"

        .section .text.start, "ax"
        .global _start
        .type   _start, %function
_start:
        adrp    x0, __stack_top
        add     x0, x0, :lo12:__stack_top
        mov     sp, x0

        // FP and SIMD registers are trapped until CPACR_EL1.FPEN says otherwise.
        mov     x0, #(3 << 20)
        msr     cpacr_el1, x0
        adrp    x0, vectors
        add     x0, x0, :lo12:vectors
        msr     vbar_el1, x0
        isb

        adrp    x0, __bss_start
        add     x0, x0, :lo12:__bss_start
        adrp    x1, __bss_end
        add     x1, x1, :lo12:__bss_end
1:      cmp     x0, x1
        b.hs    2f
        stp     xzr, xzr, [x0], #16
        b       1b

2:      bl      mmu_enable
        bl      main
        and     x0, x0, #0xffffffff
        b       system_off
        .size   _start, . - _start

// _Noreturn void system_off(uint64_t status): PSCI SYSTEM_OFF; the status travels in x1.
        .global system_off
        .type   system_off, %function
system_off:
        mov     x1, x0
        movz    x0, #0x8400, lsl #16
        movk    x0, #0x0008
        hvc     #0
1:      wfi
        b       1b
        .size   system_off, . - system_off

        .macro  vector number
        .balign 128
        mov     x0, #\number
        b       vector_report
        .endm

        .section .text.vectors, "ax"
        .balign 2048
        .type   vectors, %function
vectors:
        .irp    number, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
        vector  \number
        .endr
        .size   vectors, . - vectors

        // Nothing here expects an exception: what was interrupted is not saved, because it is never resumed.
        .type   vector_report, %function
vector_report:
        adrp    x4, __stack_top
        add     x4, x4, :lo12:__stack_top
        mov     sp, x4
        mrs     x1, esr_el1
        mrs     x2, elr_el1
        mrs     x3, far_el1
        b       unexpected_exception
        .size   vector_report, . - vector_report
