// Numbers in -1 … 1 from a linear congruential generator: the same as in `shape.ts`.
#ifndef OPERANDS_H
#define OPERANDS_H
#include <stdint.h>

static void fillOperand(ELEMENT *at, long elements, uint32_t state) {
  for (long i = 0; i < elements; i++) {
    state = state * 1664525u + 1013904223u;
    at[i] = (ELEMENT)((int32_t)state / 2147483648.0);
  }
}
#endif
