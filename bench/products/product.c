// Products by hand, for clang and WebAssembly SIMD: a block of ROWS x VECTORS sums in registers, B copied into panels of
// a block's columns where it is large or its columns do not lie side by side, rows in chunks that stay in a cache. The
// last block of rows or columns lies over its neighbour. Needs at least one block of each; the caller knows.
enum { LANES = 16 / sizeof(ELEMENT), WIDTH = VECTORS * LANES, CHUNK = 1 << 18 };
typedef ELEMENT Lanes __attribute__((vector_size(16), aligned(sizeof(ELEMENT))));

static inline __attribute__((always_inline)) void block(const ELEMENT *a, long rowOfA, long sumOfA, const ELEMENT *b,
                                                        long sumOfB, ELEMENT *c, long rowOfC, long sums, int accumulate) {
  Lanes sum[ROWS][VECTORS];
  for (int r = 0; r < ROWS; r++)
    for (int v = 0; v < VECTORS; v++) sum[r][v] = (Lanes){0};
  for (long k = 0; k < sums; k++) {
    Lanes wide[VECTORS];
    for (int v = 0; v < VECTORS; v++) wide[v] = *(const Lanes *)(b + k * sumOfB + v * LANES);
    for (int r = 0; r < ROWS; r++) {
      const Lanes narrow = a[r * rowOfA + k * sumOfA] - (Lanes){0};
      for (int v = 0; v < VECTORS; v++) sum[r][v] += narrow * wide[v];
    }
  }
  for (int r = 0; r < ROWS; r++)
    for (int v = 0; v < VECTORS; v++) {
      Lanes *const to = (Lanes *)(c + r * rowOfC + v * LANES);
      *to = accumulate ? *to + sum[r][v] : sum[r][v];
    }
}

// `accumulate` needs whole blocks: what lies over its neighbour would be added twice.
static void product(long rows, long sums, long columns, const ELEMENT *a, int turnA, const ELEMENT *b, int turnB,
                    ELEMENT *c, int accumulate, ELEMENT *panels) {
  const long rowOfA = turnA ? 1 : sums, sumOfA = turnA ? rows : 1;
  const int packs = turnB || sums * columns * (long)sizeof(ELEMENT) > CHUNK;
  if (packs) {
    for (long j = 0; j < columns; j += WIDTH) {
      const long from = j + WIDTH <= columns ? j : columns - WIDTH;
      ELEMENT *panel = panels + j * sums;
      for (long k = 0; k < sums; k++)
        for (long l = 0; l < WIDTH; l++) panel[k * WIDTH + l] = turnB ? b[(from + l) * sums + k] : b[k * columns + from + l];
    }
  }
  long chunk = CHUNK / (sums * (long)sizeof(ELEMENT)) / ROWS * ROWS;
  if (chunk < ROWS) chunk = ROWS;
  for (long first = 0; first < rows; first += chunk) {
    const long end = first + chunk < rows ? first + chunk : rows;
    for (long j = 0; j < columns; j += WIDTH) {
      const long from = j + WIDTH <= columns ? j : columns - WIDTH;
      const ELEMENT *wide = packs ? panels + j * sums : b + from;
      for (long i = first; i < end; i += ROWS) {
        const long row = i + ROWS <= rows ? i : rows - ROWS;
        block(a + row * rowOfA, rowOfA, sumOfA, wide, packs ? WIDTH : columns, c + row * columns + from, columns, sums,
              accumulate);
      }
    }
  }
}

__attribute__((export_name("run"))) void run(long rows, long sums, long columns, int turnA, int turnB, int accumulate,
                                             long copies, ELEMENT *a, ELEMENT *b, ELEMENT *c, ELEMENT *panels) {
  if (accumulate)
    for (long i = 0; i < rows * columns; i++) c[i] = 0;
  for (long i = 0; i < copies; i++)
    product(rows, sums, columns, a + i * rows * sums, turnA, b + i * sums * columns, turnB,
            accumulate ? c : c + i * rows * columns, accumulate, panels);
}
