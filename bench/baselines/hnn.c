// hnn by hand: Hamiltonian network 2 → 200 → 200 → 1, one step of training on 750 points, float32.
//
// In: nothing (data and start parameters from the random streams of the workload). Out: see harness.h.
// Form: lanes are points, TILE of them at a time through the whole loss and gradient while all is hot in cache; every
// tensor of a tile lies [feature][point]. Per tile six products with 200 x 200, which bind the step:
//   a2 = W2ᵀ t1,  u1 = W2 g2  (forward: t = tanh a, s = 1 - t², g2 = W3 s2, g1 = u1 s1, dH/dz = W1 g1)
//   e2 = W2ᵀ c1,  r1 = W2 d2  (backward: v = cotangent of dH/dz, c1 = (W1ᵀ v) s1, e2 = cotangent of g2, d2 of a2)
//   dW2 += c1 g2ᵀ + t1 d2ᵀ    (g2 and d2 transposed in registers, then an ordinary product with features in lanes).
// 750 points = 15 tiles of 48 + one of 32; the two points too many weigh nothing.
#include "harness.h"

enum { WIDTH = 200, COLUMNS = 208, POINTS = 750, TILE = 48, POINTS_PADDED = 752 };
enum { VECTORS = COLUMNS / LANES };

// One layout for parameters, gradient and moments. W2 has rows of COLUMNS, the last 8 always zero.
enum { W1 = 0, B1 = W1 + 2 * COLUMNS, W2 = B1 + COLUMNS, B2 = W2 + WIDTH * COLUMNS, W3 = B2 + COLUMNS, B3 = W3 + COLUMNS, COUNT = B3 + LANES };

typedef float Plane[COLUMNS][TILE]; // [feature][point], rows from WIDTH on stay zero
typedef float Turned[TILE][COLUMNS];

static struct {
  LANE_ALIGNED float parameter[COUNT], gradient[COUNT], first[COUNT], second[COUNT], begin[COUNT];
  LANE_ALIGNED float input[2][POINTS_PADDED], target[2][POINTS_PADDED], weight[POINTS_PADDED];
  LANE_ALIGNED Plane t1, t2, g2, u1, c1, d2;
  LANE_ALIGNED Turned turned;
  Adam adam;
  double loss;
} own;

static void prepare(void) {
  uint32_t next = 0;
  for (int i = 0; i < 2; i++)
    for (int j = 0; j < WIDTH; j++) own.begin[W1 + i * COLUMNS + j] = startWeight(next++, 2);
  for (int j = 0; j < WIDTH; j++) own.begin[B1 + j] = startWeight(next++, 2);
  for (int i = 0; i < WIDTH; i++)
    for (int j = 0; j < WIDTH; j++) own.begin[W2 + i * COLUMNS + j] = startWeight(next++, WIDTH);
  for (int j = 0; j < WIDTH; j++) own.begin[B2 + j] = startWeight(next++, WIDTH);
  for (int j = 0; j < WIDTH; j++) own.begin[W3 + j] = startWeight(next++, WIDTH);
  own.begin[B3] = startWeight(next++, WIDTH);
  for (int i = 0; i < POINTS; i++) {
    const int j = i / 30;
    const double radius = 0.1 + 0.9 * uniform(1, 2 * j), angle = 6.0 * (i % 30) / 29 + 2 * M_PI * uniform(1, 2 * j + 1);
    const double q = radius * sin(angle), p = radius * cos(angle);
    own.input[0][i] = (float)(q + 0.1 * normal(2, 2 * i));
    own.input[1][i] = (float)(p + 0.1 * normal(2, 2 * i + 1));
    own.target[0][i] = (float)(2 * p);
    own.target[1][i] = (float)(-2 * q);
    own.weight[i] = 1.0f / POINTS;
  }
}

static void restart(void) {
  memcpy(own.parameter, own.begin, sizeof own.begin);
  memset(own.first, 0, sizeof own.first);
  memset(own.second, 0, sizeof own.second);
  own.adam = adamStart();
}

// out[r][lane] = start[r] + sum_k weights[r * row + k * column] in[k][lane] for ROWS rows and `vectors` of lanes: all sums in registers.
enum { ROWS = 8 };
INLINE void rowBlock(int vectors, const float *weights, int row, int column, const float *start, const Plane in, float (*out)[TILE]) {
  Lanes sum[ROWS][3];
  UNROLL for (int r = 0; r < ROWS; r++)
    UNROLL for (int v = 0; v < vectors; v++) sum[r][v] = all(start ? start[r] : 0);
  for (int k = 0; k < WIDTH; k++) {
    Lanes x[3];
    UNROLL for (int v = 0; v < vectors; v++) x[v] = load(in[k] + v * LANES);
    UNROLL for (int r = 0; r < ROWS; r++) {
      const Lanes w = all(weights[r * row + k * column]);
      UNROLL for (int v = 0; v < vectors; v++) sum[r][v] += w * x[v];
    }
  }
  UNROLL for (int r = 0; r < ROWS; r++)
    UNROLL for (int v = 0; v < vectors; v++) store(out[r] + v * LANES, sum[r][v]);
}

// out = W2ᵀ in + start (per output unit), and out = W2 in.
INLINE void throughTransposed(int vectors, const float *start, const Plane in, Plane out) {
  for (int j = 0; j < WIDTH; j += ROWS) rowBlock(vectors, own.parameter + W2 + j, 1, COLUMNS, start ? start + j : 0, in, out + j);
}
INLINE void through(int vectors, const Plane in, Plane out) {
  for (int i = 0; i < WIDTH; i += ROWS) rowBlock(vectors, own.parameter + W2 + i * COLUMNS, COLUMNS, 1, 0, in, out + i);
}

INLINE void transpose(const Plane from, Turned to, int vectors) {
  for (int f = 0; f < COLUMNS; f += LANES) {
    for (int v = 0; v < vectors; v++) {
      Lanes m[LANES];
      UNROLL for (int i = 0; i < LANES; i++) m[i] = load(from[f + i] + v * LANES);
      transposeLanes(m);
      UNROLL for (int i = 0; i < LANES; i++) store(to[v * LANES + i] + f, m[i]);
    }
  }
}

// gradient[r][c] += sum over points of x[r][point] y[point][c], `rows` x `columns` vectors held in registers.
INLINE void outerBlock(int rows, int columns, int points, float (*x)[TILE], const float *y, float *gradient) {
  Lanes sum[2][VECTORS];
  UNROLL for (int r = 0; r < rows; r++)
    UNROLL for (int c = 0; c < columns; c++) sum[r][c] = load(gradient + r * COLUMNS + c * LANES);
  for (int n = 0; n < points; n++) {
    UNROLL for (int c = 0; c < columns; c++) {
      const Lanes yc = load(y + n * COLUMNS + c * LANES);
      UNROLL for (int r = 0; r < rows; r++) sum[r][c] += x[r][n] * yc;
    }
  }
  UNROLL for (int r = 0; r < rows; r++)
    UNROLL for (int c = 0; c < columns; c++) store(gradient + r * COLUMNS + c * LANES, sum[r][c]);
}
INLINE void addOuter(int points, Plane x, Turned y) {
  float *const gradient = own.gradient + W2;
  for (int i = 0; i < WIDTH; i += 2) outerBlock(2, VECTORS, points, x + i, y[0], gradient + i * COLUMNS);
}

// Forward through the network and dH/dz; leaves t1, t2, g2, u1 and returns the cotangent v of dH/dz with the loss added.
INLINE void forwardTile(int from, int vectors, Lanes cotangent[2][3], double *loss) {
  const float *const p = own.parameter;
  Lanes z[2][3], dz[2][3];
  UNROLL for (int v = 0; v < vectors; v++) {
    z[0][v] = load(own.input[0] + from + v * LANES);
    z[1][v] = load(own.input[1] + from + v * LANES);
    dz[0][v] = dz[1][v] = all(0);
  }
  for (int i = 0; i < WIDTH; i++)
    UNROLL for (int v = 0; v < vectors; v++)
      store(own.t1[i] + v * LANES, tanhLanes(p[W1 + i] * z[0][v] + p[W1 + COLUMNS + i] * z[1][v] + p[B1 + i]));
  throughTransposed(vectors, p + B2, own.t1, own.t2);
  for (int j = 0; j < WIDTH; j++) {
    UNROLL for (int v = 0; v < vectors; v++) {
      const Lanes t = tanhLanes(load(own.t2[j] + v * LANES));
      store(own.t2[j] + v * LANES, t);
      store(own.g2[j] + v * LANES, p[W3 + j] * (1 - t * t));
    }
  }
  through(vectors, own.g2, own.u1);
  for (int i = 0; i < WIDTH; i++) {
    UNROLL for (int v = 0; v < vectors; v++) {
      const Lanes t = load(own.t1[i] + v * LANES), g1 = load(own.u1[i] + v * LANES) * (1 - t * t);
      dz[0][v] += p[W1 + i] * g1;
      dz[1][v] += p[W1 + COLUMNS + i] * g1;
    }
  }
  Lanes total = {0};
  UNROLL for (int v = 0; v < vectors; v++) {
    const int at = from + v * LANES;
    const Lanes weight = load(own.weight + at);
    const Lanes r0 = dz[1][v] - load(own.target[0] + at), r1 = -dz[0][v] - load(own.target[1] + at);
    total += weight * (r0 * r0 + r1 * r1);
    cotangent[0][v] = -2 * weight * r1;
    cotangent[1][v] = 2 * weight * r0;
  }
  *loss += sumOfLanes(total);
}

// Backward: the gradients of one tile are added up.
INLINE void backwardTile(int from, int vectors, Lanes cotangent[2][3]) {
  const float *const p = own.parameter;
  float *const g = own.gradient;
  for (int i = 0; i < WIDTH; i++) {
    Lanes sum0 = {0}, sum1 = {0};
    UNROLL for (int v = 0; v < vectors; v++) {
      const Lanes t = load(own.t1[i] + v * LANES), s = 1 - t * t, u = load(own.u1[i] + v * LANES), g1 = u * s;
      const Lanes c = p[W1 + i] * cotangent[0][v] + p[W1 + COLUMNS + i] * cotangent[1][v];
      sum0 += g1 * cotangent[0][v];
      sum1 += g1 * cotangent[1][v];
      store(own.c1[i] + v * LANES, c * s);
      store(own.u1[i] + v * LANES, -2 * t * u * c); // the way from s1 into t1
    }
    g[W1 + i] += sumOfLanes(sum0);
    g[W1 + COLUMNS + i] += sumOfLanes(sum1);
  }
  transpose(own.g2, own.turned, vectors);
  addOuter(vectors * LANES, own.c1, own.turned);
  throughTransposed(vectors, 0, own.c1, own.d2);
  for (int j = 0; j < WIDTH; j++) {
    Lanes sumW = {0}, sumB = {0};
    UNROLL for (int v = 0; v < vectors; v++) {
      const Lanes e = load(own.d2[j] + v * LANES), t = load(own.t2[j] + v * LANES), s = 1 - t * t;
      const Lanes d = -2 * p[W3 + j] * e * t * s;
      sumW += e * s;
      sumB += d;
      store(own.d2[j] + v * LANES, d);
    }
    g[W3 + j] += sumOfLanes(sumW);
    g[B2 + j] += sumOfLanes(sumB);
  }
  transpose(own.d2, own.turned, vectors);
  addOuter(vectors * LANES, own.t1, own.turned);
  through(vectors, own.d2, own.c1);
  Lanes z[2][3];
  UNROLL for (int v = 0; v < vectors; v++) {
    z[0][v] = load(own.input[0] + from + v * LANES);
    z[1][v] = load(own.input[1] + from + v * LANES);
  }
  for (int i = 0; i < WIDTH; i++) {
    Lanes sum0 = {0}, sum1 = {0}, sumB = {0};
    UNROLL for (int v = 0; v < vectors; v++) {
      const Lanes t = load(own.t1[i] + v * LANES);
      const Lanes d = (load(own.c1[i] + v * LANES) + load(own.u1[i] + v * LANES)) * (1 - t * t);
      sum0 += d * z[0][v];
      sum1 += d * z[1][v];
      sumB += d;
    }
    g[W1 + i] += sumOfLanes(sum0);
    g[W1 + COLUMNS + i] += sumOfLanes(sum1);
    g[B1 + i] += sumOfLanes(sumB);
  }
}

static __attribute__((noinline)) void tileOf3(int from) {
  Lanes cotangent[2][3];
  forwardTile(from, 3, cotangent, &own.loss);
  backwardTile(from, 3, cotangent);
}
static __attribute__((noinline)) void tileOf2(int from) {
  Lanes cotangent[2][3];
  forwardTile(from, 2, cotangent, &own.loss);
  backwardTile(from, 2, cotangent);
}

static void step(void) {
  own.loss = 0;
  memset(own.gradient, 0, sizeof own.gradient);
  for (int from = 0; from + TILE <= POINTS_PADDED; from += TILE) tileOf3(from);
  tileOf2(POINTS_PADDED - 2 * LANES);
  adamTick(&own.adam);
  adamUpdate(&own.adam, COUNT, 1e-4f, own.parameter, own.gradient, own.first, own.second);
}

static double loss(void) { return own.loss; }
static double norm(void) {
  double sum = 0;
  for (int i = 0; i < COUNT; i++) sum += (double)own.gradient[i] * own.gradient[i];
  return sqrt(sum);
}

int main(int argc, char **argv) {
  prepare();
  // Six products with 200 x 200 and two layers of tanh (20 each with what surrounds it).
  const double flops = POINTS * (6 * 2.0 * WIDTH * WIDTH + 2 * 60.0 * WIDTH);
  const Baseline baseline = {restart, step, loss, norm, sizeof own, flops, 20, 2};
  return serve(&baseline, argc, argv);
}
