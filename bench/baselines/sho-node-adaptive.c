// sho-node-adaptive by hand: the neural ODE of sho-node as one state of 2000 numbers by adaptive steps, and its continuous
// adjoint, one step of training, float64.
//
// In: nothing (data and start parameters from the random streams of the workload). Out: see harness.h.
// Form: eight trajectories a vector, 125 vectors, [component][trajectory]; WIDTH vectors go through an evaluation together.
// Backwards time is turned round: y = (z, a, g) obeys z' = -f, a' = Jᵀ a, g' = aᵀ df/dp, each interval from the stored z and
// g as it stands. One visit of a trajectory makes all three, from a tanh that is made once:
//   t = tanh(W1ᵀ z + b1),  f = W2ᵀ t + b2,  d = (W2 a) (1 - t²),  Jᵀ a = W1 d,  dW2: t a,  dW1: z d,  db1: d,  db2: a
// Slopes of g are sums over all trajectories, kept by stage; the second stage makes none, since neither the step nor its
// error has a weight for it.
// Rules: first step of every integration by Hairer, Nørsett, Wanner; integral control (0.9 e^(-1/5) within 0.2 .. 10);
// backwards z, a and g are measured each by its own root mean square, and the squares are added.
// What binds: the multiply-add pipes and the divider. A unit takes 20 instructions of arithmetic for its tanh (2 keep the
// argument in range) and a division, 4 for f, and 11 backward.
#include "solve.h"

enum { UNITS = 32, TRAJECTORIES = 1000, TIMES = 50, STAGES = 7 };
enum { WIDE = 8, WIDTH = 5, FRONT = WIDE * WIDTH, ROWS = 5, COUNT = ROWS * UNITS + 2 };
enum { Z = 2 * TRAJECTORIES, ZA = 2 * Z };               // numbers in z, and in z and a
enum { W1 = 0, B1 = 2 * UNITS, W2 = 3 * UNITS, B2 = ROWS * UNITS }; // W2 lies turned, [2][UNITS]
static const double END = 10, RTOL = 1e-7, ATOL = 1e-9;

typedef double Doubles __attribute__((vector_size(64)));
typedef int64_t Words __attribute__((vector_size(64)));
typedef struct {
  LANE_ALIGNED double za[ZA], g[COUNT];
} State;

static struct {
  LANE_ALIGNED double parameter[COUNT], twice[COUNT], gradient[COUNT], first[COUNT], second[COUNT], begin[COUNT];
  LANE_ALIGNED double data[TIMES][Z], later[TIMES][Z];
  LANE_ALIGNED double sums[UNITS][ROWS][WIDE], tanhs[UNITS][FRONT];
  State y, next, k[STAGES];
  double power1, power2, loss;
  long accepted, rejected;
} own;

INLINE Doubles every(double value) { return value - (Doubles){0}; }
INLINE Doubles get(const double *at) { return *(const Doubles *)at; }
INLINE void put(double *at, Doubles value) { *(Doubles *)at = value; }
// GCC turns the loops over lanes into one instruction.
INLINE Doubles within(Doubles x, double bound) {
  UNROLL for (int l = 0; l < WIDE; l++) x[l] = x[l] < bound ? x[l] : bound;
  UNROLL for (int l = 0; l < WIDE; l++) x[l] = x[l] > -bound ? x[l] : -bound;
  return x;
}
INLINE Doubles larger8(Doubles a, Doubles b) {
  UNROLL for (int l = 0; l < WIDE; l++) a[l] = a[l] > b[l] ? a[l] : b[l];
  return a;
}
INLINE Doubles sizeOf(Doubles x) { return (Doubles)((Words)x & 0x7fffffffffffffffLL); }
static double sumOf(Doubles x) { return ((x[0] + x[1]) + (x[2] + x[3])) + ((x[4] + x[5]) + (x[6] + x[7])); }

// tanh(y / 2) = m / (m + 2) with m = e^y - 1 = 2^n p + (2^n - 1), p = e^r - 1, |r| <= ln 2 / 2: p / r of degree 10 through
// Chebyshev nodes (2.4e-17). Within 4 ulp.
INLINE Doubles tanhOfHalf(Doubles y) {
  const double shift = 6755399441055744.0; // 1.5 2^52: the sum is rounded to an integer, which stands in its low bits
  y = within(y, 40);
  const Doubles turned = y * 1.4426950408889634 + shift, r = y - (turned - shift) * 0.6931471805599453;
  Doubles p = 2.5105217004720745e-08 * r + 2.7626371065696354e-07;
  p = p * r + 2.7557255400206422e-06;
  p = p * r + 2.480150431378554e-05;
  p = p * r + 0.00019841269874820627;
  p = p * r + 0.001388888893251478;
  p = p * r + 0.008333333333326136;
  p = p * r + 0.041666666666573066;
  p = p * r + 0.1666666666666667;
  p = p * r + 0.5000000000000006;
  p = p * r + 1.0;
  const Doubles scale = (Doubles)(((Words)turned << 52) + 0x3ff0000000000000LL);
  const Doubles m = scale * (p * r) + (scale - 1.0);
  return m / (m + 2.0);
}

static void prepare(void) {
  uint32_t next = 0;
  const struct { int at, inputs; } draws[] = {{W1, 2}, {W1 + UNITS, 2}, {B1, 2}};
  for (int r = 0; r < 3; r++)
    for (int h = 0; h < UNITS; h++) own.begin[draws[r].at + h] = (2 * uniform(0, next++) - 1) / sqrt(draws[r].inputs);
  for (int h = 0; h < UNITS; h++)
    for (int c = 0; c < 2; c++) own.begin[W2 + c * UNITS + h] = (2 * uniform(0, next++) - 1) / sqrt(UNITS);
  for (int c = 0; c < 2; c++) own.begin[B2 + c] = (2 * uniform(0, next++) - 1) / sqrt(UNITS);
  for (int j = 0; j < TRAJECTORIES; j++) {
    const double q = normal(1, 2 * j), p = normal(1, 2 * j + 1);
    for (int k = 0; k < TIMES; k++) {
      const double t = END * k / (TIMES - 1);
      own.data[k][j] = q * cos(t) + p * sin(t);
      own.data[k][TRAJECTORIES + j] = p * cos(t) - q * sin(t);
    }
  }
}

static void restart(void) {
  memcpy(own.parameter, own.begin, sizeof own.begin);
  memset(own.first, 0, sizeof own.first);
  memset(own.second, 0, sizeof own.second);
  own.power1 = own.power2 = 1;
}

#define EACH(c, v) UNROLL for (int c = 0; c < 2; c++) UNROLL for (int v = 0; v < WIDTH; v++)
#define AT(from, c, v) ((from) + (c) * TRAJECTORIES + (v) * WIDE)
typedef Doubles Front[2][WIDTH]; // [component][vector]

// f of some trajectories, times `sign`; leaves the tanh values.
INLINE void forwardFront(const double *z, double *slope, double sign) {
  const double *const p = own.parameter, *const twice = own.twice;
  Front at, f;
  EACH(c, v) {
    at[c][v] = get(AT(z, c, v));
    f[c][v] = every(p[B2 + c]);
  }
  for (int h = 0; h < UNITS; h++) UNROLL for (int v = 0; v < WIDTH; v++) {
      const Doubles t = tanhOfHalf(twice[W1 + h] * at[0][v] + (twice[W1 + UNITS + h] * at[1][v] + twice[B1 + h]));
      put(own.tanhs[h] + v * WIDE, t);
      f[0][v] += p[W2 + h] * t;
      f[1][v] += p[W2 + UNITS + h] * t;
    }
  EACH(c, v) put(AT(slope, c, v), sign * f[c][v]);
}

// Jᵀ a of the same trajectories and, if asked for, their part of the slope of g.
INLINE void backwardFront(const double *z, const double *costate, double *slope, int gradient) {
  const double *const p = own.parameter;
  Front a, back;
  EACH(c, v) {
    a[c][v] = get(AT(costate, c, v));
    back[c][v] = every(0);
  }
  for (int h = 0; h < UNITS; h++) {
    Doubles sum[ROWS];
    UNROLL for (int r = 0; r < ROWS; r++) sum[r] = get(own.sums[h][r]);
    UNROLL for (int v = 0; v < WIDTH; v++) {
      const Doubles t = get(own.tanhs[h] + v * WIDE);
      const Doubles d = (p[W2 + h] * a[0][v] + p[W2 + UNITS + h] * a[1][v]) * (1.0 - t * t);
      back[0][v] += p[W1 + h] * d;
      back[1][v] += p[W1 + UNITS + h] * d;
      if (!gradient) continue;
      sum[0] += get(AT(z, 0, v)) * d;
      sum[1] += get(AT(z, 1, v)) * d;
      sum[2] += d;
      sum[3] += t * a[0][v];
      sum[4] += t * a[1][v];
    }
    if (gradient) UNROLL for (int r = 0; r < ROWS; r++) put(own.sums[h][r], sum[r]);
  }
  EACH(c, v) put(AT(slope, c, v), back[c][v]);
}

static __attribute__((noinline)) void slopeForward(const State *y, State *k) {
  for (int from = 0; from < TRAJECTORIES; from += FRONT) forwardFront(y->za + from, k->za + from, 1);
}

INLINE void slopeBackward(const State *y, State *k, int gradient) {
  for (int from = 0; from < TRAJECTORIES; from += FRONT) {
    forwardFront(y->za + from, k->za + from, -1);
    backwardFront(y->za + from, y->za + Z + from, k->za + Z + from, gradient);
  }
}
static __attribute__((noinline)) void slopeOfStates(const State *y, State *k) { slopeBackward(y, k, 0); }
static __attribute__((noinline)) void slopeOfAll(const State *y, State *k) {
  memset(own.sums, 0, sizeof own.sums);
  slopeBackward(y, k, 1);
  for (int h = 0; h < UNITS; h++)
    for (int r = 0; r < ROWS; r++) k->g[r * UNITS + h] = sumOf(get(own.sums[h][r]));
  for (int c = 0; c < 2; c++) {
    Doubles sum = {0};
    for (int j = 0; j < TRAJECTORIES; j += WIDE) sum += get(y->za + Z + c * TRAJECTORIES + j);
    k->g[B2 + c] = sumOf(sum);
  }
}

static void slope(int back, int stage) {
  const State *const at = stage == 0 ? &own.y : &own.next;
  if (!back) slopeForward(at, own.k + stage);
  else if (stage == 1) slopeOfStates(at, own.k + stage);
  else slopeOfAll(at, own.k + stage);
}

// to = from + sum of weights times slopes, of z and, backward, a and g.
static __attribute__((noinline)) void combine(int back, double *za, const double *from, const double *weight, int count) {
  for (int i = 0; i < (back ? ZA : Z); i += WIDE) {
    Doubles sum = get(from + i);
    for (int j = 0; j < count; j++) sum += weight[j] * get(own.k[j].za + i);
    put(za + i, sum);
  }
}

// Sum of squares of x in units of the tolerance at the larger of a and b, over `count` numbers, a multiple of WIDE.
INLINE double squares(const double *x, const double *a, const double *b, int count) {
  Doubles sum = {0};
  for (int i = 0; i < count; i += WIDE) {
    const Doubles e = get(x + i) / (ATOL + RTOL * larger8(sizeOf(get(a + i)), sizeOf(get(b + i))));
    sum += e * e;
  }
  return sumOf(sum);
}

static __attribute__((noinline)) double squareOf(int back, const State *x, const State *a, const State *b) {
  const double ofZ = squares(x->za, a->za, b->za, Z) / Z;
  if (!back) return ofZ;
  double ofG = 0;
  for (int i = 0; i < COUNT; i++) {
    const double e = x->g[i] / (ATOL + RTOL * fmax(fabs(a->g[i]), fabs(b->g[i])));
    ofG += e * e;
  }
  return ofZ + squares(x->za + Z, a->za + Z, b->za + Z, Z) / Z + ofG / COUNT;
}

// Hairer, Nørsett, Wanner, 1993, "Solving ordinary differential equations I", II.4, "starting step size".
static double firstStep(int back, double span) {
  const double size = sqrt(squareOf(back, &own.y, &own.y, &own.y)), speed = sqrt(squareOf(back, own.k, &own.y, &own.y));
  const double guess = fmin(size < 1e-5 || speed < 1e-5 ? 1e-6 : 0.01 * size / speed, span);
  combine(back, own.next.za, own.y.za, &guess, 1);
  if (back) slopeOfAll(&own.next, own.k + 1);
  else slopeForward(&own.next, own.k + 1);
  State *const change = own.k + 2;
  for (int i = 0; i < (back ? ZA : Z); i++) change->za[i] = own.k[1].za[i] - own.k[0].za[i];
  if (back) for (int i = 0; i < COUNT; i++) change->g[i] = own.k[1].g[i] - own.k[0].g[i];
  const double bend = sqrt(squareOf(back, change, &own.y, &own.y)) / guess;
  return fmin(fmin(100 * guess, pow(0.01 / fmax(fmax(speed, bend), 1e-15), 0.2)), span);
}

// Reads the times that the step from t covers.
static void read(double t, double h, int last, int *next) {
  for (; *next < TIMES && (last || END * *next / (TIMES - 1) <= t + h); ++*next) {
    const double theta = (END * *next / (TIMES - 1) - t) / h;
    double weight[STAGES];
    for (int i = 0; i < STAGES; i++) {
      const double *c = dopri5Dense[i];
      weight[i] = h * theta * (c[0] + theta * (c[1] + theta * (c[2] + theta * c[3])));
    }
    combine(0, own.later[*next], own.y.za, weight, STAGES);
  }
}

// One trial; leaves the new state and the slopes, gives the square of the error.
static double trial(int back, double h) {
  double weight[STAGES];
  for (int i = 1; i < STAGES; i++) {
    for (int j = 0; j < i; j++) weight[j] = h * dopri5.a[i][j];
    combine(back, own.next.za, own.y.za, weight, i);
    slope(back, i);
  }
  static State error;
  static const double nothing[ZA] LANE_ALIGNED = {0};
  for (int j = 0; j < STAGES; j++) weight[j] = h * dopri5.error[j];
  combine(back, error.za, nothing, weight, STAGES);
  if (back) for (int i = 0; i < COUNT; i++) {
    own.next.g[i] = own.y.g[i];
    error.g[i] = 0;
    for (int j = 0; j < STAGES; j++) if (j != 1) {
      error.g[i] += weight[j] * own.k[j].g[i];
      if (j < 6) own.next.g[i] += h * dopri5.a[6][j] * own.k[j].g[i];
    }
  }
  return squareOf(back, &error, &own.y, &own.next);
}

// own.y over `span`; forward the times are read on the way.
static void integrate(int back, double span) {
  slope(back, 0);
  double t = 0, h = firstStep(back, span), most = 10;
  for (int next = 1, last = 0; !last;) {
    const int reaches = t + 1.01 * h >= span;
    if (reaches) h = span - t;
    const double square = trial(back, h), factor = fmax(0.2, fmin(most, 0.9 * pow(square + 1e-20, -0.1)));
    if (square > 1) {
      own.rejected++;
      h *= fmin(factor, 1);
      most = 1;
      continue;
    }
    own.accepted++;
    last = reaches;
    if (!back) read(t, h, last, &next);
    memcpy(own.y.za, own.next.za, sizeof(double) * (back ? ZA : Z));
    if (back) memcpy(own.y.g, own.next.g, sizeof own.y.g);
    own.k[0] = own.k[6];
    t += h;
    h *= factor;
    most = 10;
  }
}

// Adam (Kingma and Ba, 2015, algorithm 1).
static void update(void) {
  own.power1 *= 0.9;
  own.power2 *= 0.999;
  const double rate = 1e-3 / (1 - own.power1), scale = 1 / (1 - own.power2);
  for (int i = 0; i < COUNT; i++) {
    const double g = own.gradient[i];
    own.first[i] = 0.9 * own.first[i] + 0.1 * g;
    own.second[i] = 0.999 * own.second[i] + 0.001 * g * g;
    own.parameter[i] -= rate * own.first[i] / (sqrt(own.second[i] * scale) + 1e-8);
  }
}

static void step(void) {
  for (int i = 0; i < COUNT; i++) own.twice[i] = 2 * own.parameter[i];
  own.accepted = own.rejected = 0;
  memcpy(own.later[0], own.data[0], sizeof own.data[0]);
  memcpy(own.y.za, own.data[0], sizeof own.data[0]);
  integrate(0, END);
  memset(own.y.za + Z, 0, sizeof(double) * Z);
  memset(own.y.g, 0, sizeof own.y.g);
  own.loss = 0;
  for (int k = TIMES - 1; k >= 0; k--) {
    for (int i = 0; i < Z; i++) {
      const double error = own.later[k][i] - own.data[k][i];
      own.y.za[i] = own.later[k][i];
      own.y.za[Z + i] += 2 * error / (TIMES * Z);
      own.loss += error * error / (TIMES * Z);
    }
    if (k > 0) integrate(1, END / (TIMES - 1));
  }
  memcpy(own.gradient, own.y.g, sizeof own.gradient);
  update();
}

static double loss(void) { return own.loss; }
static double norm(void) {
  double sum = 0;
  for (int i = 0; i < COUNT; i++) sum += own.gradient[i] * own.gradient[i];
  return sqrt(sum);
}

int main(int argc, char **argv) {
  prepare();
  // Of the first step: 15 steps forward and 148 back. The sums of stages, 2 % of the work, are left out.
  const double forward = 15 * 6 + 2, states = 148, all = 148 * 5 + 49 * 2;
  const double flops = (double)TRAJECTORIES * UNITS * (39 * forward + 49 * states + 58 * all);
  const Baseline baseline = {restart, step, loss, norm, sizeof own, flops, 10, 1, 1};
  return serve(&baseline, argc, argv);
}
