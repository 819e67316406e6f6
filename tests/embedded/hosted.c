/* A board with an operating system: text goes to standard output.  The tests ask for no more. */
#include <stdio.h>

#include "board.h"

void board_print(const char *text) { (void)fputs(text, stdout); }
