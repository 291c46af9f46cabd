/*
 * Executes single instruction words from given states and writes down the states that result.
 *
 * Needs neither a C library nor thread-local storage, so that every register of the program belongs to the cases: a state is entered by returning
 * from a signal handler, and left by the signal that the instruction after the word, or the word itself, raises. Meant for Linux on AArch64, real or
 * qemu-aarch64. Reads a header and cases from standard input and writes a result for each to standard output; all numbers are little-endian.
 */
typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long u64;

/* The layouts of the streams; the tests' AArch64Harness knows them too. */
struct header {
    u32 magic;          /* 'HVX1' */
    u32 count;          /* cases that follow */
    u64 code;           /* address of the code, page-aligned: filled with BRK #0 except for the word of the current case */
    u64 code_size;      /* bytes of it, whole pages */
    u64 window;         /* address of the memory given with each case */
    u64 window_size;    /* bytes of it, at most WINDOW_MAX; the pages that hold it are readable and writable */
    u64 checks_tags;    /* not 0: the pages have Allocation Tags, those of tag_of before each case, and accesses are checked */
    u64 guards_code;    /* not 0: branches into the code must land on landing pads */
};

struct state {
    u64 x[31];
    u64 sp;
    u64 pc;             /* where the word is put, inside the code */
    u32 pstate;         /* NZCV in bits 31:28, BTYPE in bits 11:10 */
    u32 word;
    u32 fpcr;
    u32 fpsr;
    u64 v[64];
};

/* A result is the state, how the case ended, and the window. */
struct ending {
    u32 signal;         /* SIGTRAP at another place than the word: it was executed and PC is its successor */
    u32 code;           /* si_code */
    u64 address;        /* si_addr */
};

enum { MAGIC = 0x31585648, WINDOW_MAX = 4096, BREAK = 0xd4200000u };

/* The signal stack: where SP of a case must not be, so it is far from the numbers that cases like. */
static const u64 stack_base = 0x3f00690000, stack_size = 65536;

enum { SYS_READ = 63, SYS_WRITE = 64, SYS_EXIT = 93, SYS_SIGALTSTACK = 132, SYS_SIGACTION = 134, SYS_PRCTL = 167, SYS_MMAP = 222 };

enum { READ_WRITE = 3, READ_WRITE_EXECUTE = 7, GUARDED = 0x10, TAGGED = 0x20, SET_TAGGED_ADDRESS_CONTROL = 55, ENABLE_SYNCHRONOUS = 3 };

enum { SIGILL = 4, SIGTRAP = 5, SIGBUS = 7, SIGFPE = 8, SIGSEGV = 11 };

#define SA_SIGINFO 4ul
#define SA_ONSTACK 0x08000000ul

/* The kernel's signal frame. */
struct siginfo {
    int signal, error, code, pad;
    u64 address;
};

struct ucontext {
    u64 flags, link;
    u64 stack_base, stack_flags, stack_size;
    u8 mask[128];
    u64 fault_address __attribute__((aligned(16)));
    u64 x[31];
    u64 sp, pc, pstate;
    u8 records[4096] __attribute__((aligned(16)));
};

struct fpsimd {
    u32 magic, size, fpsr, fpcr;
    u64 v[64];
};

struct sigaction {
    void (*handler)(int, struct siginfo *, struct ucontext *);
    u64 flags;
    void (*restorer)(void);
    u64 mask;
};

struct stack {
    void *base;
    u64 flags, size;
};

static struct header header;
static struct state current;
static u32 done, running;
static u8 input[65536], output[65536];
static u64 input_at, input_end, output_end;

static u64 call(u64 number, u64 a, u64 b, u64 c, u64 d, u64 e, u64 f)
{
    register u64 x8 __asm__("x8") = number;
    register u64 x0 __asm__("x0") = a;
    register u64 x1 __asm__("x1") = b;
    register u64 x2 __asm__("x2") = c;
    register u64 x3 __asm__("x3") = d;
    register u64 x4 __asm__("x4") = e;
    register u64 x5 __asm__("x5") = f;
    __asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
    return x0;
}

static void __attribute__((noreturn)) leave(int status)
{
    for (;;)
        call(SYS_EXIT, status, 0, 0, 0, 0, 0);
}

static void flush(void)
{
    for (u64 at = 0; at < output_end;) {
        u64 written = call(SYS_WRITE, 1, (u64)(output + at), output_end - at, 0, 0, 0);
        if (written - 1 >= output_end - at)
            leave(3);
        at += written;
    }
    output_end = 0;
}

static void put(const void *data, u64 size)
{
    if (output_end + size > sizeof output)
        flush();
    for (u64 i = 0; i < size; i++)
        output[output_end++] = ((const volatile u8 *)data)[i];
}

static void get(void *data, u64 size)
{
    for (u64 i = 0; i < size; i++) {
        if (input_at == input_end) {
            u64 length = call(SYS_READ, 0, (u64)input, sizeof input, 0, 0, 0);
            if (length - 1 >= sizeof input)
                leave(4);
            input_at = 0;
            input_end = length;
        }
        ((volatile u8 *)data)[i] = input[input_at++];
    }
}

static void copy(void *to, const void *from, u64 size)
{
    for (u64 i = 0; i < size; i++)
        ((volatile u8 *)to)[i] = ((const u8 *)from)[i];
}

/* Puts a word into the code and makes it what is fetched. */
static void plant(u64 address, u32 word)
{
    *(volatile u32 *)address = word;
    __asm__ volatile("dc cvau, %0\n\tdsb ish\n\tic ivau, %0\n\tdsb ish\n\tisb" : : "r"(address) : "memory");
}

static void map(u64 address, u64 size, u64 protection)
{
    u64 first = address & ~4095ul, end = (address + size + 4095) & ~4095ul;
    if (call(SYS_MMAP, first, end - first, protection, 0x32 /* private, fixed, anonymous */, -1ul, 0) != first)
        leave(5);
}

static struct fpsimd *find_fpsimd(struct ucontext *context)
{
    for (struct fpsimd *record = (struct fpsimd *)context->records; record->magic; record = (struct fpsimd *)((u8 *)record + record->size)) {
        if (record->magic == 0x46508001)
            return record;
    }
    leave(6);
}

/* The tag of a granule, mostly 0; TestLayout.TagOf knows it too. */
static u64 tag_of(u64 address)
{
    u64 hash = (address >> 4) * 0x9e3779b97f4a7c15ul;
    return hash >> 61 == 0 ? (hash >> 57) & 15 : 0;
}

static void set_tags(void)
{
    u64 first = header.window & ~4095ul, end = (header.window + header.window_size + 4095) & ~4095ul;
    for (u64 at = first; at < end; at += 16) {
        u64 tagged = at | tag_of(at) << 56;
        __asm__ volatile(".arch armv8.5-a+memtag\n\tstg %0, [%0]" : : "r"(tagged) : "memory");
    }
}

/* The address with the tag that the memory there has: the kernel lets handlers be checked as well. */
static void *tagged(u64 address)
{
    if (header.checks_tags)
        __asm__ volatile(".arch armv8.5-a+memtag\n\tldg %0, [%0]" : "+r"(address));
    return (void *)address;
}

/* Ends the current case and starts the next one, or the program. */
static void on_signal(int signal, struct siginfo *info, struct ucontext *context)
{
    struct fpsimd *fpsimd = find_fpsimd(context);
    if (running) {
        struct ending ending = { signal, info->code, info->address };
        plant(current.pc, BREAK);
        copy(current.x, context->x, sizeof current.x);
        current.sp = context->sp;
        current.pc = context->pc;
        current.pstate = context->pstate;
        current.fpcr = fpsimd->fpcr;
        current.fpsr = fpsimd->fpsr;
        copy(current.v, fpsimd->v, sizeof current.v);
        put(&current, sizeof current);
        put(&ending, sizeof ending);
        for (u64 i = 0; i < header.window_size; i++)
            put(tagged(header.window + i), 1);
    }

    if (done++ == header.count) {
        flush();
        leave(0);
    }

    running = 1;
    get(&current, sizeof current);
    if (header.checks_tags)
        set_tags();
    for (u64 i = 0; i < header.window_size; i++)
        get(tagged(header.window + i), 1);
    if (current.pc - header.code >= header.code_size || current.pc % 4 != 0)
        leave(7);
    plant(current.pc, current.word);
    copy(context->x, current.x, sizeof current.x);
    context->sp = current.sp;
    context->pc = current.pc;
    context->pstate = (context->pstate & ~0xf0000c00ul) | (current.pstate & 0xf0000c00u);
    fpsimd->fpcr = current.fpcr;
    fpsimd->fpsr = current.fpsr;
    copy(fpsimd->v, current.v, sizeof current.v);
}

void __attribute__((noreturn, used)) start(void)
{
    static const int signals[] = { SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV };
    struct stack alternate = { (void *)stack_base, 0, stack_size };
    struct sigaction action = { on_signal, SA_SIGINFO | SA_ONSTACK, 0, 0 };

    get(&header, sizeof header);
    if (header.magic != MAGIC || header.window_size > WINDOW_MAX || header.code % 4096 != 0 || header.code_size % 4096 != 0)
        leave(2);
    map(header.code, header.code_size, header.guards_code ? READ_WRITE_EXECUTE | GUARDED : READ_WRITE_EXECUTE);
    for (u64 at = 0; at < header.code_size; at += 4)
        *(volatile u32 *)(header.code + at) = BREAK;
    if (header.window_size)
        map(header.window, header.window_size, header.checks_tags ? READ_WRITE | TAGGED : READ_WRITE);
    map(stack_base, stack_size, 3);
    if (header.checks_tags && call(SYS_PRCTL, SET_TAGGED_ADDRESS_CONTROL, ENABLE_SYNCHRONOUS, 0, 0, 0, 0) != 0)
        leave(9);
    call(SYS_SIGALTSTACK, (u64)&alternate, 0, 0, 0, 0, 0);
    for (u64 i = 0; i < sizeof signals / sizeof signals[0]; i++)
        call(SYS_SIGACTION, signals[i], (u64)&action, 0, sizeof action.mask, 0, 0);
    __asm__ volatile("brk #0");
    leave(8);
}

__asm__(".globl _start\n_start:\n\tb start\n");
