// One shape on OpenBLAS, one thread. Arguments: rows, sums, columns, transposed A, transposed B, accumulate, copies.
// Prints an answer for one run from zero: milliseconds of processor time, the sum of squares of the results, the
// processor that OpenBLAS sees; then, for each number on its input, runs all copies
// that often and prints an answer for one of them.
#include <cblas.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "operands.h"

char *openblas_get_corename(void);

static double milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec * 1e3 + now.tv_nsec * 1e-6;
}

static ELEMENT *allocate(long elements) { return aligned_alloc(64, (elements * sizeof(ELEMENT) + 63) / 64 * 64); }

int main(int count, char **arguments) {
  if (count != 8) return 2;
  int number[8];
  for (int i = 1; i < 8; i++) number[i] = atoi(arguments[i]);
  const long rows = number[1], sums = number[2], columns = number[3], copies = number[7];
  const int turnA = number[4], turnB = number[5], accumulate = number[6];
  const long results = accumulate ? rows * columns : copies * rows * columns;
  ELEMENT *a = allocate(copies * rows * sums), *b = allocate(copies * sums * columns), *c = allocate(results);
  fillOperand(a, copies * rows * sums, 1);
  fillOperand(b, copies * sums * columns, 2);
  int times = 1;
  do {
    const double begin = milliseconds();
    for (int turn = 0; turn < times; turn++) {
      if (accumulate) for (long i = 0; i < results; i++) c[i] = 0;
      for (long i = 0; i < copies; i++) {
        GEMM(CblasRowMajor, turnA ? CblasTrans : CblasNoTrans, turnB ? CblasTrans : CblasNoTrans, rows, columns, sums, 1,
             a + i * rows * sums, turnA ? rows : sums, b + i * sums * columns, turnB ? sums : columns, accumulate ? 1 : 0,
             accumulate ? c : c + i * rows * columns, columns);
      }
    }
    const double spent = (milliseconds() - begin) / times;
    double squares = 0;
    for (long i = 0; i < results; i++) squares += (double)c[i] * c[i];
    printf("{\"ms\": %.9g, \"squares\": %.17g, \"core\": \"%s\"}\n", spent, squares, openblas_get_corename());
    fflush(stdout);
  } while (scanf("%d", &times) == 1);
  return 0;
}
