// vin-sv by hand: variational integrator network with the Störmer–Verlet scheme, one step of training, float32.
//
// In: nothing (data and start parameters from the random streams of the workload). Out: see harness.h.
// Form: lanes are the 200 hidden units (padded to 208 with units of weight zero); trajectories go in groups, so that the
// tape of tanh values stays near. The forward pass takes U'' along with U', so the adjoint of the positions is a scalar
// recurrence, and the weight gradients are one sweep over the tape afterwards:
//   F(q) = U'(q) = sum_h c_h (1 - t_h²),  F'(q) = -2 sum_h c_h W1_h t_h (1 - t_h²),  c = W1 W2,  t = tanh(q W1 + b1)
//   lambda_k = dL/dq_k = e_k + (2 - h² F'(q_k)) lambda_{k+1} - lambda_{k+2},  mu_k = -h² lambda_{k+1}
//   A = sum mu (1 - t²),  B = sum mu t (1 - t²),  C = sum mu q t (1 - t²)   over all trajectories and times
//   dW2 = W1 A,  dW1 = W2 A - 2 c C,  db1 = -2 c B.
#include "harness.h"

enum { UNITS = 200, VECTORS = 13, PADDED = VECTORS * LANES, TRAJECTORIES = 25, TIMES = 30, GROUP = 5, SUMS = 2 };
static const float STEP2 = 0.1f * 0.1f;

// Parameters, gradient and moments share one layout: W1, b1, W2, start (first, second position, 32 wide each), s.
enum { W1 = 0, B1 = PADDED, W2 = 2 * PADDED, START = 3 * PADDED, LOGVAR = START + 64, COUNT = LOGVAR + LANES };

static struct {
  LANE_ALIGNED float parameter[COUNT], gradient[COUNT], first[COUNT], second[COUNT], begin[COUNT];
  LANE_ALIGNED float curve[PADDED], bend[PADDED]; // c and c W1
  LANE_ALIGNED float observed[TIMES][32], position[TIMES][32], slope[TIMES][32], adjoint[TIMES + 2][32];
  LANE_ALIGNED float sumA[PADDED], sumB[PADDED], sumC[PADDED];
  LANE_ALIGNED float tape[VECTORS][TIMES - 2][GROUP][LANES];
  Adam adam;
  double loss;
} own;

static void prepare(void) {
  for (int h = 0; h < UNITS; h++) {
    own.begin[W1 + h] = startWeight(h, 1);
    own.begin[B1 + h] = startWeight(UNITS + h, 1);
    own.begin[W2 + h] = startWeight(2 * UNITS + h, UNITS);
  }
  for (int j = 0; j < TRAJECTORIES; j++) {
    const double energy = 0.2 + 0.8 * uniform(1, 2 * j), phase = 2 * M_PI * uniform(1, 2 * j + 1);
    for (int k = 0; k < TIMES; k++) {
      const double y = sqrt(2 * energy) * cos(0.1 * k + phase) + 0.1 * normal(2, TIMES * j + k);
      own.observed[k][j] = (float)y;
      if (k < 2) own.begin[START + 32 * k + j] = (float)y;
    }
  }
}

static void restart(void) {
  memcpy(own.parameter, own.begin, sizeof own.begin);
  memset(own.first, 0, sizeof own.first);
  memset(own.second, 0, sizeof own.second);
  own.adam = adamStart();
}

// U'(q) and U''(q) of one trajectory at one time; leaves the tanh values on the tape.
INLINE void force(float q, float offset, float (*tape)[TIMES - 2][GROUP][LANES], int k, int j, float *f, float *slope) {
  const Lanes at = all(q);
  Lanes even = {0}, odd = {0};
  UNROLL for (int v = 0; v < VECTORS; v++) {
    const Lanes t = tanhLanes(at * load(own.parameter + W1 + v * LANES) + load(own.parameter + B1 + v * LANES));
    store(tape[v][k][j], t);
    const Lanes t2 = t * t;
    even += load(own.curve + v * LANES) * t2;
    odd += load(own.bend + v * LANES) * (t - t * t2);
  }
  const LanePair sums = sumsOfLanes(even, odd);
  *f = offset - sums.a;
  *slope = -2 * sums.b;
}

static __attribute__((noinline)) void forward(int from, float offset) {
  for (int j = from; j < from + GROUP; j++) {
    own.position[0][j] = own.parameter[START + j];
    own.position[1][j] = own.parameter[START + 32 + j];
  }
  for (int k = 1; k < TIMES - 1; k++) {
    for (int j = from; j < from + GROUP; j++) {
      float f, slope;
      const float q = own.position[k][j];
      force(q, offset, own.tape, k - 1, j - from, &f, &slope);
      own.slope[k][j] = slope;
      own.position[k + 1][j] = 2 * q - own.position[k - 1][j] - STEP2 * f;
    }
  }
}

// The adjoint of the positions of one group, its recurrences side by side; returns the sum of squared errors.
static __attribute__((noinline)) float backward(int from, float weight) {
  float squares = 0, next[GROUP] = {0}, afterNext[GROUP] = {0};
  for (int k = TIMES - 1; k >= 0; k--) {
    UNROLL for (int j = 0; j < GROUP; j++) {
      const float error = own.position[k][from + j] - own.observed[k][from + j];
      squares += error * error;
      // q_0 meets only q_2 (with -1); every later one q_{k+1} and q_{k+2}. Beyond the last time all is zero.
      const float factor = k > 0 ? 2 - STEP2 * own.slope[k][from + j] : 0;
      const float lambda = error * weight + factor * next[j] - afterNext[j];
      own.adjoint[k][from + j] = lambda;
      afterNext[j] = next[j];
      next[j] = lambda;
    }
  }
  for (int j = from; j < from + GROUP; j++) {
    own.gradient[START + j] = own.adjoint[0][j];
    own.gradient[START + 32 + j] = own.adjoint[1][j];
  }
  return squares;
}

static __attribute__((noinline)) void sweep(int from) {
  float mu[TIMES - 2][GROUP], muPosition[TIMES - 2][GROUP];
  for (int k = 0; k < TIMES - 2; k++) {
    for (int j = 0; j < GROUP; j++) {
      mu[k][j] = -STEP2 * own.adjoint[k + 2][from + j];
      muPosition[k][j] = mu[k][j] * own.position[k + 1][from + j];
    }
  }
  for (int v = 0; v < VECTORS; v++) {
    // SUMS sums of each kind: a single one would wait for the latency of the multiply-add.
    Lanes a[SUMS] = {{0}}, b[SUMS] = {{0}}, c[SUMS] = {{0}};
    for (int k = 0; k < TIMES - 2; k++) {
      UNROLL for (int j = 0; j < GROUP; j++) {
        const Lanes t = load(own.tape[v][k][j]), s = 1 - t * t, ts = t * s;
        a[j % SUMS] += mu[k][j] * s;
        b[j % SUMS] += mu[k][j] * ts;
        c[j % SUMS] += muPosition[k][j] * ts;
      }
    }
    UNROLL for (int i = 1; i < SUMS; i++) {
      a[0] += a[i];
      b[0] += b[i];
      c[0] += c[i];
    }
    store(own.sumA + v * LANES, load(own.sumA + v * LANES) + a[0]);
    store(own.sumB + v * LANES, load(own.sumB + v * LANES) + b[0]);
    store(own.sumC + v * LANES, load(own.sumC + v * LANES) + c[0]);
  }
}

static void step(void) {
  float *const p = own.parameter, *const g = own.gradient;
  Lanes total = {0};
  for (int v = 0; v < PADDED; v += LANES) {
    const Lanes curve = load(p + W1 + v) * load(p + W2 + v);
    store(own.curve + v, curve);
    store(own.bend + v, curve * load(p + W1 + v));
    total += curve;
    store(own.sumA + v, all(0));
    store(own.sumB + v, all(0));
    store(own.sumC + v, all(0));
  }
  const float offset = sumOfLanes(total), points = TRAJECTORIES * TIMES, precision = expf(-p[LOGVAR]);
  float squares = 0;
  for (int from = 0; from < TRAJECTORIES; from += GROUP) {
    forward(from, offset);
    squares += backward(from, precision / points);
    sweep(from);
  }
  own.loss = 0.5 * (log(2 * M_PI) + p[LOGVAR] + (double)squares * precision / points);
  g[LOGVAR] = 0.5f * (1 - squares * precision / points);
  for (int v = 0; v < PADDED; v += LANES) {
    const Lanes a = load(own.sumA + v), curve = load(own.curve + v);
    store(g + W2 + v, load(p + W1 + v) * a);
    store(g + W1 + v, load(p + W2 + v) * a - 2 * curve * load(own.sumC + v));
    store(g + B1 + v, -2 * curve * load(own.sumB + v));
  }
  adamTick(&own.adam);
  adamUpdate(&own.adam, COUNT, 0, p, g, own.first, own.second);
}

static double loss(void) { return own.loss; }
static double norm(void) {
  double sum = 0;
  for (int i = 0; i < COUNT; i++) sum += (double)own.gradient[i] * own.gradient[i];
  return sqrt(sum);
}

int main(int argc, char **argv) {
  prepare();
  // Per unit, point in time and trajectory: 2 + tanh 20 + 8 forward, 9 in the sweep.
  const double flops = 39.0 * UNITS * TRAJECTORIES * (TIMES - 2);
  const Baseline baseline = {restart, step, loss, norm, sizeof own, flops, 100, 20};
  return serve(&baseline, argc, argv);
}
