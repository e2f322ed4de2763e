// sho-node by hand: neural ODE 2 → 32 tanh → 2 by 98 Runge–Kutta steps on 1000 trajectories, one step of training, float32.
//
// In: nothing (data and start parameters from the random streams of the workload). Out: see harness.h.
// Form: lanes are trajectories, TILE of them through all steps forward and backward; all that a tile has lies
// [feature][trajectory]. The tape holds the tanh values and the place of each of the 392 evaluations of the field (2.4 MB,
// written and read once, in order; making the values again would cost more than half a forward pass):
//   t = tanh(W1ᵀ z + b1),  f = W2ᵀ t + b2                                        forward
//   d = (W2 g) (1 - t²),  Jᵀ g = W1 d,  dW2 += t g,  dW1 += z d,  db1 += d       backward, from g = cotangent of f
// The sums over trajectories and times stay one vector each (10 kB) until the end of the step.
// What binds: the two multiply-add pipes. A unit takes 16 of their instructions forward (10 are the rational tanh, 2 keep
// its argument in range) and 11 backward for 48 operations in all, so that 0.88 of the peak would be the most; it reaches
// 0.75. The rest is waiting between evaluations, as each needs the whole of the one before: 16 trajectories a tile take
// 1.2 times as long, 32 take 1.05 times.
// 1000 trajectories = 21 tiles of 48; the eight too many weigh nothing.
#include "harness.h"

enum { UNITS = 32, TRAJECTORIES = 1000, TIMES = 50, STEPS = 98, STAGES = 4 };
enum { VECTORS = 3, TILE = VECTORS * LANES, PADDED = 21 * TILE };

// The classical method: how far each stage looks ahead for the next, and its share of the step in sixths.
static const float H = 10.0f / STEPS, AHEAD[STAGES] = {0.5f, 0.5f, 1, 0}, SHARE[STAGES] = {1, 2, 2, 1};

// One layout for parameters, gradient and moments. W2 lies turned, [2][UNITS], so that every row has a unit in a column.
enum { W1 = 0, B1 = W1 + 2 * UNITS, W2 = B1 + UNITS, B2 = W2 + 2 * UNITS, COUNT = B2 + LANES };
enum { ROWS = 5 }; // W1[0], W1[1], b1, W2[0], W2[1]: row r at r * UNITS

typedef Lanes State[2][VECTORS]; // [component][vector], in registers
typedef float Stored[2][TILE];

static struct {
  LANE_ALIGNED float parameter[COUNT], gradient[COUNT], first[COUNT], second[COUNT], begin[COUNT];
  LANE_ALIGNED float data[TIMES][2][PADDED], weight[PADDED]; // weight: of one squared error in the loss
  LANE_ALIGNED float tape[STEPS][STAGES][UNITS][TILE];
  LANE_ALIGNED Stored place[STEPS][STAGES], later[TIMES];
  LANE_ALIGNED float sums[UNITS][ROWS][LANES], sumB2[2][LANES]; // gradients, not yet summed over lanes
  Adam adam;
  double loss;
} own;

static void prepare(void) {
  uint32_t next = 0;
  for (int i = 0; i < 2 * UNITS; i++) own.begin[W1 + i] = startWeight(next++, 2);
  for (int h = 0; h < UNITS; h++) own.begin[B1 + h] = startWeight(next++, 2);
  for (int h = 0; h < UNITS; h++)
    for (int c = 0; c < 2; c++) own.begin[W2 + c * UNITS + h] = startWeight(next++, UNITS);
  for (int c = 0; c < 2; c++) own.begin[B2 + c] = startWeight(next++, UNITS);
  for (int j = 0; j < PADDED; j++) {
    const int i = j < TRAJECTORIES ? j : 0;
    const double q = normal(1, 2 * i), p = normal(1, 2 * i + 1);
    for (int k = 0; k < TIMES; k++) {
      const double t = 10.0 * k / (TIMES - 1);
      own.data[k][0][j] = (float)(q * cos(t) + p * sin(t));
      own.data[k][1][j] = (float)(p * cos(t) - q * sin(t));
    }
    own.weight[j] = j < TRAJECTORIES ? 1.0f / (TIMES * TRAJECTORIES * 2) : 0;
  }
}

static void restart(void) {
  memcpy(own.parameter, own.begin, sizeof own.begin);
  memset(own.first, 0, sizeof own.first);
  memset(own.second, 0, sizeof own.second);
  own.adam = adamStart();
}

#define EACH(c, v) UNROLL for (int c = 0; c < 2; c++) UNROLL for (int v = 0; v < VECTORS; v++)

// f of one stage at z; leaves z and the tanh values on the tape.
INLINE void field(int step, int stage, const State z, State f) {
  const float *const p = own.parameter;
  EACH(c, v) {
    store(own.place[step][stage][c] + v * LANES, z[c][v]);
    f[c][v] = all(p[B2 + c]);
  }
  for (int h = 0; h < UNITS; h++) {
    UNROLL for (int v = 0; v < VECTORS; v++) {
      const Lanes t = tanhLanes(p[W1 + h] * z[0][v] + (p[W1 + UNITS + h] * z[1][v] + p[B1 + h]));
      store(own.tape[step][stage][h] + v * LANES, t);
      f[0][v] += p[W2 + h] * t;
      f[1][v] += p[W2 + UNITS + h] * t;
    }
  }
}

// Jᵀ g of one stage; adds its part of the gradient.
INLINE void fieldTransposed(int step, int stage, const State g, State back) {
  const float *const p = own.parameter;
  State z;
  EACH(c, v) {
    z[c][v] = load(own.place[step][stage][c] + v * LANES);
    back[c][v] = all(0);
    store(own.sumB2[c], load(own.sumB2[c]) + g[c][v]);
  }
  for (int h = 0; h < UNITS; h++) {
    Lanes sum[ROWS];
    UNROLL for (int r = 0; r < ROWS; r++) sum[r] = load(own.sums[h][r]);
    UNROLL for (int v = 0; v < VECTORS; v++) {
      const Lanes t = load(own.tape[step][stage][h] + v * LANES);
      const Lanes d = (p[W2 + h] * g[0][v] + p[W2 + UNITS + h] * g[1][v]) * (1 - t * t);
      back[0][v] += p[W1 + h] * d;
      back[1][v] += p[W1 + UNITS + h] * d;
      sum[0] += z[0][v] * d;
      sum[1] += z[1][v] * d;
      sum[2] += d;
      sum[3] += t * g[0][v];
      sum[4] += t * g[1][v];
    }
    UNROLL for (int r = 0; r < ROWS; r++) store(own.sums[h][r], sum[r]);
  }
}

INLINE void stepForward(int step, State z) {
  State at, f, sum;
  EACH(c, v) {
    at[c][v] = z[c][v];
    sum[c][v] = all(0);
  }
  UNROLL for (int stage = 0; stage < STAGES; stage++) {
    field(step, stage, at, f);
    EACH(c, v) {
      sum[c][v] += SHARE[stage] * f[c][v];
      at[c][v] = z[c][v] + H * AHEAD[stage] * f[c][v];
    }
  }
  EACH(c, v) z[c][v] += H / 6 * sum[c][v];
}

// From the cotangent of the state after the step to that before it.
INLINE void stepBackward(int step, State cotangent) {
  State g, back, sum;
  EACH(c, v) {
    back[c][v] = all(0);
    sum[c][v] = cotangent[c][v];
  }
  UNROLL for (int stage = STAGES - 1; stage >= 0; stage--) {
    EACH(c, v) g[c][v] = H / 6 * SHARE[stage] * cotangent[c][v] + H * AHEAD[stage] * back[c][v];
    fieldTransposed(step, stage, g, back);
    EACH(c, v) sum[c][v] += back[c][v];
  }
  EACH(c, v) cotangent[c][v] = sum[c][v];
}

// Adds the squared errors of one time to the loss, and their slope to the cotangent.
INLINE void meet(int time, int from, State cotangent, Lanes *loss) {
  EACH(c, v) {
    const Lanes error = load(own.later[time][c] + v * LANES) - load(own.data[time][c] + from + v * LANES);
    const Lanes weighted = error * load(own.weight + from + v * LANES);
    *loss += error * weighted;
    cotangent[c][v] += 2 * weighted;
  }
}

static __attribute__((noinline)) void tile(int from) {
  State z, cotangent;
  EACH(c, v) {
    z[c][v] = load(own.data[0][c] + from + v * LANES);
    cotangent[c][v] = all(0);
  }
  for (int time = 1; time < TIMES; time++) {
    for (int step = 2 * time - 2; step < 2 * time; step++) stepForward(step, z);
    EACH(c, v) store(own.later[time][c] + v * LANES, z[c][v]);
  }
  Lanes loss = {0};
  for (int time = TIMES - 1; time > 0; time--) {
    meet(time, from, cotangent, &loss);
    for (int step = 2 * time - 1; step >= 2 * time - 2; step--) stepBackward(step, cotangent);
  }
  own.loss += sumOfLanes(loss);
}

static void step(void) {
  own.loss = 0;
  memset(own.sums, 0, sizeof own.sums);
  memset(own.sumB2, 0, sizeof own.sumB2);
  for (int from = 0; from < PADDED; from += TILE) tile(from);
  for (int h = 0; h < UNITS; h++)
    for (int r = 0; r < ROWS; r++) own.gradient[r * UNITS + h] = sumOfLanes(load(own.sums[h][r]));
  for (int c = 0; c < 2; c++) own.gradient[B2 + c] = sumOfLanes(load(own.sumB2[c]));
  adamTick(&own.adam);
  adamUpdate(&own.adam, COUNT, 0, own.parameter, own.gradient, own.first, own.second);
}

static double loss(void) { return own.loss; }
static double norm(void) {
  double sum = 0;
  for (int i = 0; i < COUNT; i++) sum += (double)own.gradient[i] * own.gradient[i];
  return sqrt(sum);
}

int main(int argc, char **argv) {
  prepare();
  // Per unit and evaluation: 8 + tanh 21 forward, 19 backward.
  const double flops = 48.0 * UNITS * STAGES * STEPS * TRAJECTORIES;
  const Baseline baseline = {restart, step, loss, norm, sizeof own, flops, 10, 1};
  return serve(&baseline, argc, argv);
}
