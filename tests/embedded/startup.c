/* From reset to main, and semihosting.  Nothing here is of the C library. */
#include "board.h"

extern uint32_t data_load[], data_start[], data_end[], bss_start[], bss_end[];
extern unsigned char stack_top[], end[];
extern void (*__preinit_array_start[])(void), (*__preinit_array_end[])(void);
extern void (*__init_array_start[])(void), (*__init_array_end[])(void);

int main(void);
void reset_handler(void);
void fault_handler(void);

/* ---- Semihosting ---------------------------------------------------------------------------------------------- */

#define SYS_WRITE0 0x04
#define SYS_EXIT_EXTENDED 0x20
#define APPLICATION_EXIT 0x20026u

static uintptr_t semihosting(uintptr_t operation, const void *argument) {
  register uintptr_t r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}

void board_print(const char *text) { (void)semihosting(SYS_WRITE0, text); }

void board_print_unsigned(uint32_t number) {
  char digits[11];
  char *at = digits + sizeof digits - 1;
  *at = 0;
  do {
    *--at = (char)('0' + number % 10);
    number /= 10;
  } while (number);
  board_print(at);
}

void board_exit(int status) {
  const uintptr_t block[2] = {APPLICATION_EXIT, (uintptr_t)status};
  for (;;) (void)semihosting(SYS_EXIT_EXTENDED, block);
}

void _exit(int status) { board_exit(status); }

/* ---- Start-up ------------------------------------------------------------------------------------------------- */

#define CPACR (*(volatile uint32_t *)0xE000ED88u)

/* The FPU must run before any function that may use it, so this one does little but switch it on. */
static void start(void) {
  for (uint32_t *to = data_start, *from = data_load; to < data_end;) *to++ = *from++;
  for (uint32_t *to = bss_start; to < bss_end;) *to++ = 0;
  for (void (**f)(void) = __preinit_array_start; f < __preinit_array_end; ++f) (*f)();
  for (void (**f)(void) = __init_array_start; f < __init_array_end; ++f) (*f)();
  board_exit(main());
}

void reset_handler(void) {
  CPACR |= 0xFu << 20; /* full access to coprocessors 10 and 11: floating point and MVE */
  __asm__ volatile("dsb\n\tisb" ::: "memory");
  start();
}

void fault_handler(void) {
  board_print("fault\n");
  board_exit(125);
}

/* On a core without these faults the entries stay unused. */
__attribute__((section(".vectors"), used)) static void *const vectors[16] = {
    stack_top,     (void *)reset_handler, (void *)fault_handler, (void *)fault_handler,
    (void *)fault_handler, (void *)fault_handler, (void *)fault_handler, (void *)fault_handler,
    (void *)fault_handler, (void *)fault_handler, (void *)fault_handler, (void *)fault_handler,
    (void *)fault_handler, (void *)fault_handler, (void *)fault_handler, (void *)fault_handler};

/* ---- The stack ------------------------------------------------------------------------------------------------ */

#define PAINT 0xA5C3A5C3u
#define PAINTED 16384 /* bytes: far more than a call of the library may take */

static uint32_t *painted_from;

__attribute__((noinline)) void board_paint_stack(void) {
  uint32_t *sp;
  __asm__ volatile("mov %0, sp" : "=r"(sp));
  painted_from = sp;
  for (volatile uint32_t *p = sp - PAINTED / 4; p < sp; ++p) *p = PAINT;
}

__attribute__((noinline)) size_t board_stack_used(void) {
  const volatile uint32_t *p = painted_from - PAINTED / 4;
  while (p < painted_from && *p == PAINT) ++p;
  return (size_t)((const unsigned char *)painted_from - (const unsigned char *)p);
}

/* ---- The clock ------------------------------------------------------------------------------------------------ */

#define SYST_CSR (*(volatile uint32_t *)0xE000E010u)
#define SYST_RVR (*(volatile uint32_t *)0xE000E014u)
#define SYST_CVR (*(volatile uint32_t *)0xE000E018u)

void board_start_clock(void) {
  SYST_CSR = 0;
  SYST_RVR = 0xFFFFFFu;
  SYST_CVR = 0;
  SYST_CSR = 5; /* run, on the processor's clock */
}

uint32_t board_clock(void) { return (0xFFFFFFu - SYST_CVR) & 0xFFFFFFu; }

#ifdef __ARM_FEATURE_MVE
uint32_t board_clock_tick(void) { return 31; } /* 32 MHz on MPS3 */
#else
uint32_t board_clock_tick(void) { return 40; } /* 25 MHz on MPS2 */
#endif
