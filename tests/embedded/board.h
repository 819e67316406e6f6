/* What a program here has of its board: text output and exit through semihosting, a clock that counts instructions, and
 * the depth of the stack. */
#ifndef BOARD_H
#define BOARD_H
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

void board_print(const char *text);
void board_print_unsigned(uint32_t number);
__attribute__((noreturn)) void board_exit(int status);

/* Fill the unused stack with a pattern; then call something; then see how far below the painting it went, in bytes.
 * The deepest word that still holds the pattern cannot be distinguished from an unused one: the answer may miss a frame's
 * untouched end. */
void board_paint_stack(void);
size_t board_stack_used(void);

/* Ticks since board_start_clock, at most 2^24.  Under `qemu -icount shift=0` an instruction takes a nanosecond, and a
 * tick is board_clock_tick() of them. */
void board_start_clock(void);
uint32_t board_clock(void);
uint32_t board_clock_tick(void);

#ifdef __cplusplus
}
#endif
#endif
