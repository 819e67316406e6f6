#include <orthant.h>
#include <stdio.h>

int main(void) {
  printf("Orthant %s\n", orthant_version());
  return 0;
}
