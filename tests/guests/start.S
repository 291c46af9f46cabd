// Entry at EL1h with the MMU off, loop count in x0. Ends by PSCI SYSTEM_OFF over HVC with status 0 in x1 and the checksum in x2.

        .file   "start.S"
        .section .text.start, "ax"
        .global _start
        .type   _start, %function
_start:
        adrp    x1, __stack_top
        add     x1, x1, :lo12:__stack_top
        mov     sp, x1

        // FP and SIMD registers are trapped until CPACR_EL1.FPEN says otherwise.
        mov     x1, #(3 << 20)
        msr     cpacr_el1, x1
        isb

        adrp    x1, __bss_start
        add     x1, x1, :lo12:__bss_start
        adrp    x2, __bss_end
        add     x2, x2, :lo12:__bss_end
1:      cmp     x1, x2
        b.hs    2f
        stp     xzr, xzr, [x1], #16
        b       1b

2:      bl      kernel
        mov     x2, x0
        mov     x1, #0
        movz    x0, #0x8400, lsl #16
        movk    x0, #0x0008
        hvc     #0
3:      wfi
        b       3b
        .size   _start, . - _start
