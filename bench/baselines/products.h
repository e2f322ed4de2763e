// Products of the hand-written baselines: small matrices against a tile of samples, all sums in registers.
//
// Tensors that meet the same weights (a value and its tangents) lie side by side, [feature][tensor][sample], so that one
// pass over the weights serves all of them; `vectors` is the length of such a row in lanes. Sizes are known at compile
// time, everything is inlined, and rows x vectors (or columns) of 20 to 24 leave registers for the factors.
#ifndef PRODUCTS_H
#define PRODUCTS_H
#include "lanes.h"

enum { MOST_ROWS = 8, MOST_VECTORS = 8 };
typedef Lanes Sums[MOST_ROWS][MOST_VECTORS];

INLINE void zero(int rows, int columns, Sums sum) {
  UNROLL for (int r = 0; r < rows; r++)
    UNROLL for (int c = 0; c < columns; c++) sum[r][c] = all(0);
}
INLINE void loadSums(int rows, int columns, const float *from, int pitch, Sums sum) {
  UNROLL for (int r = 0; r < rows; r++)
    UNROLL for (int c = 0; c < columns; c++) sum[r][c] = load(from + r * pitch + c * LANES);
}
INLINE void storeSums(int rows, int columns, const Sums sum, float *to, int pitch) {
  UNROLL for (int r = 0; r < rows; r++)
    UNROLL for (int c = 0; c < columns; c++) store(to + r * pitch + c * LANES, sum[r][c]);
}

// sum[r][lane] += sum_k weights[r * row + k * column] in[k * pitch + lane] for `rows` rows, k < length.
INLINE void addWeighted(int rows, int vectors, int length, const float *weights, int row, int column, const float *in, int pitch, Sums sum) {
  for (int k = 0; k < length; k++) {
    Lanes x[MOST_VECTORS];
    UNROLL for (int v = 0; v < vectors; v++) x[v] = load(in + k * pitch + v * LANES);
    UNROLL for (int r = 0; r < rows; r++) {
      const Lanes w = all(weights[r * row + k * column]);
      UNROLL for (int v = 0; v < vectors; v++) sum[r][v] += w * x[v];
    }
  }
}

// gradient[r * pitch + c] += sum_n x[r * xPitch + n] turned[n][c], n < length, for `rows` rows of `columns` vectors; row n of
// `turned` begins at n * turnedPitch, its vectors are `columnPitch` apart. The rows that follow are fetched meanwhile.
INLINE void addOuter(int rows, int columns, int length, const float *x, int xPitch, const float *turned, int turnedPitch, int columnPitch,
                     float *gradient, int pitch) {
  Sums sum;
  loadSums(rows, columns, gradient, pitch, sum);
  UNROLL for (int r = 0; r < rows; r++)
    UNROLL for (int c = 0; c < columns; c++) __builtin_prefetch(gradient + (rows + r) * pitch + c * LANES, 1);
  for (int n = 0; n < length; n++) {
    UNROLL for (int c = 0; c < columns; c++) {
      const Lanes y = load(turned + n * turnedPitch + c * columnPitch);
      UNROLL for (int r = 0; r < rows; r++) sum[r][c] += x[r * xPitch + n] * y;
    }
  }
  storeSums(rows, columns, sum, gradient, pitch);
}
#endif
