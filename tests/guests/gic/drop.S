// Entry where there is an EL2: it lets virtual interrupts reach EL1, which runs the program, and passes calls on to the firmware. Where there is none, the program begins at once.

        // Else the linker names this file in the symbol table after its object file, which has a random name.
        .file   "drop.S"

        .section .text.start, "ax"
        .global from_el2
        .type   from_el2, %function
from_el2:
        mrs     x0, currentel
        cmp     x0, #2 << 2
        b.ne    _start

        // HCR_EL2.{RW, IMO, FMO}.
        mov     x0, #0x80000000
        orr     x0, x0, #0x18
        msr     hcr_el2, x0
        adrp    x0, el2_vectors
        add     x0, x0, :lo12:el2_vectors
        msr     vbar_el2, x0
        adrp    x0, _start
        add     x0, x0, :lo12:_start
        msr     elr_el2, x0
        mov     x0, #0x3c5
        msr     spsr_el2, x0
        eret
        .size   from_el2, . - from_el2

        .section .text.vectors, "ax"
        .balign 2048
        .type   el2_vectors, %function
el2_vectors:
        .space  0x400
        smc     #0
        eret
        .size   el2_vectors, . - el2_vectors
