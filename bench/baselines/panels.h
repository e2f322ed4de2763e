// Products of large matrices, packed in panels: for baselines whose matrices do not fit a cache.
//
// In and out: matrices in panels of 48 columns, [panel][row][48], zero where the last panel is not full; `pitch` is the
// number of rows a panel has room for (the rows in use may be fewer). A panel is what a tile of 8 x 48 sums in registers
// loads, so that nothing is packed but the transposed left side of a gradient. Depths of about 500 and groups of 7 panels,
// 0.7 MB, stay in the second cache; what the next tile reads is fetched while the present one is summed.
// Holds: rows are a multiple of 8. Not done: other blocking for other caches; a last panel of 17 to 47 columns is computed whole.
#ifndef PANELS_H
#define PANELS_H
#include "lanes.h"
#include <stddef.h>
#include <string.h>

enum { PANEL = 48, ROWS = 8, GROUP = 7, DEPTH = 528, SAMPLE_DEPTH = 400 };
typedef Lanes Sums[ROWS][3];

static int least(int a, int b) { return a < b ? a : b; }

// sum[r][lane] += sum_k a[r * row + k * column] b[k * pitch + lane]: all sums in registers.
INLINE void addProduct(int vectors, int count, const float *a, int row, int column, const float *b, int pitch, Sums sum) {
  for (int k = 0; k < count; k++) {
    Lanes x[3];
    UNROLL for (int v = 0; v < vectors; v++) x[v] = load(b + k * pitch + v * LANES);
    UNROLL for (int r = 0; r < ROWS; r++) {
      const Lanes w = all(a[r * row + k * column]);
      UNROLL for (int v = 0; v < vectors; v++) sum[r][v] += w * x[v];
    }
  }
}
INLINE void clearSums(int vectors, Sums sum) {
  UNROLL for (int r = 0; r < ROWS; r++)
    UNROLL for (int v = 0; v < vectors; v++) sum[r][v] = all(0);
}
INLINE void loadSums(int vectors, const float *from, int pitch, Sums sum) {
  UNROLL for (int r = 0; r < ROWS; r++)
    UNROLL for (int v = 0; v < vectors; v++) sum[r][v] = load(from + r * pitch + v * LANES);
}
INLINE void storeSums(int vectors, float *to, int pitch, Sums sum) {
  UNROLL for (int r = 0; r < ROWS; r++)
    UNROLL for (int v = 0; v < vectors; v++) store(to + r * pitch + v * LANES, sum[r][v]);
}
INLINE void prefetchTile(const float *at) {
  UNROLL for (int i = 0; i < ROWS * 3; i++) __builtin_prefetch(at + i * LANES, 1);
}

// out = a b: a [rows][inner] and out [rows][outer] with panels of `pitch` rows, b [inner][outer] with panels of `depth`
// rows. Then either + bias (and ReLU), or, backward through a ReLU, 0 where `active` is 0 and the sum over rows to `slope`.
typedef struct {
  int rows, pitch;
  const float *a;
  int inner;
  const float *b;
  int depth, outer;
  float *out;
  const float *bias;
  int relu;
  const float *active;
  float *slope;
} Product;

INLINE void finishTile(int vectors, const Product *it, int panel, size_t at, Sums sum) {
  UNROLL for (int v = 0; v < vectors; v++) {
    const int column = panel * PANEL + v * LANES;
    const Lanes bias = it->bias ? load(it->bias + column) : all(0);
    Lanes total = {0};
    UNROLL for (int r = 0; r < ROWS; r++) {
      sum[r][v] += bias;
      if (it->relu) sum[r][v] = larger(sum[r][v], all(0));
      if (it->active) sum[r][v] = (Lanes)((LaneIndex)sum[r][v] & (load(it->active + at + r * PANEL + v * LANES) > 0));
      total += sum[r][v];
    }
    if (it->slope) store(it->slope + column, load(it->slope + column) + total);
  }
}

INLINE void productTile(int vectors, const Product *it, int from, int to, int row, int panel) {
  const size_t at = ((size_t)panel * it->pitch + row) * PANEL;
  Sums sum;
  if (from == 0) clearSums(vectors, sum);
  else loadSums(vectors, it->out + at, PANEL, sum);
  prefetchTile(it->out + at + (size_t)it->pitch * PANEL);
  for (int k = from; k < to; k += PANEL) {
    const float *const a = it->a + ((size_t)k / PANEL * it->pitch + row) * PANEL;
    if (panel % GROUP == 0) prefetchTile(a + ROWS * PANEL); // the rows that come next
    addProduct(vectors, least(PANEL, to - k), a, PANEL, 1, it->b + ((size_t)panel * it->depth + k) * PANEL, PANEL, sum);
  }
  if (to == it->inner) finishTile(vectors, it, panel, at, sum);
  storeSums(vectors, it->out + at, PANEL, sum);
}

static __attribute__((noinline)) void multiply(const Product *it) {
  const int panels = (it->outer + PANEL - 1) / PANEL;
  for (int from = 0; from < it->inner; from += DEPTH) {
    const int to = least(it->inner, from + DEPTH);
    for (int group = 0; group < panels; group += GROUP)
      for (int row = 0; row < it->rows; row += ROWS)
        for (int panel = group; panel < least(panels, group + GROUP); panel++)
          if (it->outer - panel * PANEL > LANES) productTile(3, it, from, to, row, panel);
          else productTile(1, it, from, to, row, panel);
  }
}

// out [inner][outer] += aᵀ b: a [rows][inner] and b [rows][outer] with panels of `pitch` rows, out with panels of `depth` rows.
typedef struct {
  int rows, pitch;
  const float *a;
  int inner;
  const float *b;
  int outer;
  float *out;
  int depth;
} Outer;

INLINE void outerTile(int vectors, int count, const float *a, const float *b, float *out, int depth) {
  Sums sum;
  loadSums(vectors, out, PANEL, sum);
  prefetchTile(out + (size_t)depth * PANEL);
  addProduct(vectors, count, a, 1, ROWS, b, PANEL, sum);
  storeSums(vectors, out, PANEL, sum);
}

// With one panel of `a`, packed in blocks of 8 columns, and `count` rows of b.
static __attribute__((noinline)) void outerPanel(const Outer *it, const float *packed, int columns, int count, const float *b, float *out) {
  const int panels = (it->outer + PANEL - 1) / PANEL;
  for (int group = 0; group < panels; group += GROUP) {
    for (int column = 0; column < columns; column += ROWS) {
      for (int panel = group; panel < least(panels, group + GROUP); panel++) {
        const float *const left = packed + column * count, *const right = b + (size_t)panel * it->pitch * PANEL;
        float *const sums = out + ((size_t)panel * it->depth + column) * PANEL;
        if (it->outer - panel * PANEL > LANES) outerTile(3, count, left, right, sums, it->depth);
        else outerTile(1, count, left, right, sums, it->depth);
      }
    }
  }
}

static void addOuterProduct(const Outer *it) {
  static LANE_ALIGNED float packed[SAMPLE_DEPTH * PANEL];
  for (int from = 0; from < it->rows; from += SAMPLE_DEPTH) {
    const int count = least(SAMPLE_DEPTH, it->rows - from);
    for (int column = 0; column < it->inner; column += PANEL) {
      const float *const rows = it->a + ((size_t)column / PANEL * it->pitch + from) * PANEL;
      for (int n = 0; n < count; n++)
        for (int r = 0; r < PANEL; r += ROWS) memcpy(packed + r * count + n * ROWS, rows + n * PANEL + r, ROWS * sizeof(float));
      outerPanel(it, packed, least(PANEL, it->inner - column), count, it->b + (size_t)from * PANEL, it->out + column * PANEL);
    }
  }
}

// 16 x 16 numbers, rows to columns.
INLINE void turn(const float *from, int pitch, float *to, int pitchTo) {
  Lanes m[LANES];
  UNROLL for (int i = 0; i < LANES; i++) m[i] = load(from + i * pitch);
  transposeLanes(m);
  UNROLL for (int i = 0; i < LANES; i++) store(to + i * pitchTo, m[i]);
}
#endif
