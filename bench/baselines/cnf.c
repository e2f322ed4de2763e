// cnf by hand: continuous normalising flow in the plane, f: 3 → 64 → 64 → 2, one step of training on 512 points, float32.
//
// In: nothing (data and start parameters from the random streams of the workload). Out: see harness.h.
// Form, the plain one: the trace by a tangent along each of the two coordinates. Lanes are 16 points; a tile goes through
// all 80 evaluations of the field forward and backward, so that its tape (h1, h2, q: 960 KB) stays near. The value and the
// two tangents meet the weights together. Per evaluation nine products with 64 x 64 bind the step, three passes of three:
//   a2, u1, u2 = W2 (h1, W1_1 s1, W1_2 s1)    h = tanh a, s = 1 - h²;  q = W3_1 u1 + W3_2 u2, trace = s2 q
//   g, f1, f2 = W2ᵀ (d2, w W3_1 s2, w W3_2 s2)   c, w: cotangents of the field and the trace, d2 = (W3 c - 2 w h2 q) s2
//   dW2 += d2 h1ᵀ + (w W3_1 s2) (W1_1 s1)ᵀ + (w W3_2 s2) (W1_2 s1)ᵀ   (h1 transposed in registers).
// The products take 0.8 of the time at the rate of the bare multiply-add loop; tanh and the sums lane by lane take the rest.
// The cotangent of the integrated trace is known beforehand (-1/512), so its share of dW3 is added on the way forward.
#include "harness.h"
#include "products.h"

enum { WIDTH = 64, VECTORS = WIDTH / LANES, POINTS = 512, STEPS = 20, STAGES = 4, TENSORS = 3 };
enum { ROWS = 8, OUTER_ROWS = 5, REST = WIDTH % OUTER_ROWS };
static const float TIME_STEP = 1.0f / STEPS;

// One layout for parameters, gradient and moments: W1 [coordinate, time][unit], W2 [out][in], W3 [coordinate][unit].
enum { W1 = 0, B1 = W1 + 3 * WIDTH, W2 = B1 + WIDTH, B2 = W2 + WIDTH * WIDTH, W3 = B2 + WIDTH, B3 = W3 + 2 * WIDTH, COUNT = B3 + LANES };
// The kinds of gradients that are summed lane by lane until the end of the step: all but those of W2 and b3.
enum { IN = 0, TIME = 2, BIAS1 = 3, BIAS2 = 4, OUT = 5, KINDS = 7 };

typedef float Plane[WIDTH][LANES];              // [unit][point]
typedef float Planes[WIDTH][TENSORS][LANES];    // value and two tangents
typedef struct {
  LANE_ALIGNED Plane h1, h2, q;
  Lanes z[2];
} Evaluation;

static struct {
  LANE_ALIGNED float parameter[COUNT], gradient[COUNT], first[COUNT], second[COUNT], begin[COUNT];
  LANE_ALIGNED float point[2][POINTS];
  LANE_ALIGNED Planes planes;
  LANE_ALIGNED float turned[TENSORS][LANES][WIDTH];
  LANE_ALIGNED Plane sums[KINDS];
  Lanes sumB3[2];
  LANE_ALIGNED Evaluation tape[STEPS][STAGES];
  Adam adam;
  double loss;
} own;

typedef struct {
  Lanes z[2], a;
} Flow;

static void prepare(void) {
  uint32_t next = 0;
  for (int i = 0; i < 4 * WIDTH; i++) own.begin[W1 + i] = startWeight(next++, 3); // W1 and b1
  for (int i = 0; i < WIDTH; i++)
    for (int j = 0; j < WIDTH; j++) own.begin[W2 + j * WIDTH + i] = startWeight(next++, WIDTH);
  for (int j = 0; j < WIDTH; j++) own.begin[B2 + j] = startWeight(next++, WIDTH);
  for (int j = 0; j < WIDTH; j++)
    for (int c = 0; c < 2; c++) own.begin[W3 + c * WIDTH + j] = startWeight(next++, WIDTH);
  for (int c = 0; c < 2; c++) own.begin[B3 + c] = startWeight(next++, WIDTH);
  for (int k = 0; k < POINTS; k++) {
    const double angle = M_PI * (k % 256) / 255;
    own.point[0][k] = (float)((k < 256 ? cos(angle) : 1 - cos(angle)) + 0.1 * normal(1, 2 * k));
    own.point[1][k] = (float)((k < 256 ? sin(angle) : 0.5 - sin(angle)) + 0.1 * normal(1, 2 * k + 1));
  }
}

static void restart(void) {
  memcpy(own.parameter, own.begin, sizeof own.begin);
  memset(own.first, 0, sizeof own.first);
  memset(own.second, 0, sizeof own.second);
  own.adam = adamStart();
}

INLINE void addTo(float *sum, Lanes value) { store(sum, load(sum) + value); }

// The field and its trace at z, t; leaves the tape. `weight` is the cotangent of this trace.
static __attribute__((noinline)) Flow evaluate(Evaluation *tape, const Lanes z[2], float t, float weight) {
  const float *const p = own.parameter;
  LANE_ALIGNED float offset[WIDTH];
  for (int i = 0; i < WIDTH; i++) offset[i] = p[B1 + i] + t * p[W1 + 2 * WIDTH + i];
  tape->z[0] = z[0];
  tape->z[1] = z[1];
  for (int i = 0; i < WIDTH; i++) {
    const Lanes w0 = all(p[W1 + i]), w1 = all(p[W1 + WIDTH + i]);
    const Lanes h = tanhLanes(w0 * z[0] + w1 * z[1] + offset[i]), s = 1 - h * h;
    store(tape->h1[i], h);
    store(own.planes[i][0], h);
    store(own.planes[i][1], w0 * s);
    store(own.planes[i][2], w1 * s);
  }
  Flow rate = {{all(p[B3]), all(p[B3 + 1])}, all(0)};
  for (int j = 0; j < WIDTH; j += ROWS) {
    Sums sum;
    zero(ROWS, TENSORS, sum);
    addWeighted(ROWS, TENSORS, WIDTH, p + W2 + j * WIDTH, WIDTH, 1, own.planes[0][0], TENSORS * LANES, sum);
    UNROLL for (int r = 0; r < ROWS; r++) {
      const Lanes w0 = all(p[W3 + j + r]), w1 = all(p[W3 + WIDTH + j + r]);
      const Lanes h = tanhLanes(sum[r][0] + p[B2 + j + r]), s = 1 - h * h, q = w0 * sum[r][1] + w1 * sum[r][2];
      store(tape->h2[j + r], h);
      store(tape->q[j + r], q);
      rate.z[0] += w0 * h;
      rate.z[1] += w1 * h;
      rate.a += s * q;
      addTo(own.sums[OUT][j + r], weight * s * sum[r][1]);
      addTo(own.sums[OUT + 1][j + r], weight * s * sum[r][2]);
    }
  }
  return rate;
}

INLINE void addToW2(int rows, int j) {
  addOuter(rows, VECTORS, TENSORS * LANES, own.planes[j][0], TENSORS * LANES, own.turned[0][0], WIDTH, LANES, own.gradient + W2 + j * WIDTH, WIDTH);
}

// From the cotangents of the field and its trace to that of z, the gradients added up.
static __attribute__((noinline)) void pullBack(const Evaluation *tape, float t, float weight, const Lanes c[2], Lanes zBar[2]) {
  const float *const p = own.parameter;
  for (int j = 0; j < WIDTH; j++) {
    const Lanes w0 = all(p[W3 + j]), w1 = all(p[W3 + WIDTH + j]);
    const Lanes h = load(tape->h2[j]), s = 1 - h * h, ws = weight * s;
    const Lanes d = (w0 * c[0] + w1 * c[1] - 2 * weight * h * load(tape->q[j])) * s;
    store(own.planes[j][0], d);
    store(own.planes[j][1], w0 * ws);
    store(own.planes[j][2], w1 * ws);
    addTo(own.sums[BIAS2][j], d);
    addTo(own.sums[OUT][j], c[0] * h);
    addTo(own.sums[OUT + 1][j], c[1] * h);
  }
  for (int i = 0; i < WIDTH; i += LANES) {
    Lanes m[LANES];
    UNROLL for (int n = 0; n < LANES; n++) m[n] = load(tape->h1[i + n]);
    transposeLanes(m);
    const Lanes w0 = load(p + W1 + i), w1 = load(p + W1 + WIDTH + i);
    UNROLL for (int n = 0; n < LANES; n++) {
      const Lanes s = 1 - m[n] * m[n];
      store(own.turned[0][n] + i, m[n]);
      store(own.turned[1][n] + i, w0 * s);
      store(own.turned[2][n] + i, w1 * s);
    }
  }
  for (int j = 0; j < WIDTH - REST; j += OUTER_ROWS) addToW2(OUTER_ROWS, j);
  addToW2(REST, WIDTH - REST);
  zBar[0] = zBar[1] = all(0);
  for (int i = 0; i < WIDTH; i += ROWS) {
    Sums sum;
    zero(ROWS, TENSORS, sum);
    addWeighted(ROWS, TENSORS, WIDTH, p + W2 + i, 1, WIDTH, own.planes[0][0], TENSORS * LANES, sum);
    UNROLL for (int r = 0; r < ROWS; r++) {
      const Lanes w0 = all(p[W1 + i + r]), w1 = all(p[W1 + WIDTH + i + r]);
      const Lanes h = load(tape->h1[i + r]), s = 1 - h * h;
      const Lanes d = (sum[r][0] - 2 * h * (w0 * sum[r][1] + w1 * sum[r][2])) * s;
      zBar[0] += w0 * d;
      zBar[1] += w1 * d;
      addTo(own.sums[IN][i + r], d * tape->z[0] + sum[r][1] * s);
      addTo(own.sums[IN + 1][i + r], d * tape->z[1] + sum[r][2] * s);
      addTo(own.sums[TIME][i + r], t * d);
      addTo(own.sums[BIAS1][i + r], d);
    }
  }
  own.sumB3[0] += c[0];
  own.sumB3[1] += c[1];
}

// Classical Runge–Kutta: each stage starts NODE of a step along the stage before it and counts SHARE of a step.
static const float NODE[STAGES] = {0, 0.5f, 0.5f, 1}, SHARE[STAGES] = {1.0f / 6, 1.0f / 3, 1.0f / 3, 1.0f / 6};

static double forward(int from, Flow *flow) {
  for (int c = 0; c < 2; c++) flow->z[c] = load(own.point[c] + from);
  flow->a = all(0);
  for (int step = 0; step < STEPS; step++) {
    const Flow start = *flow;
    Lanes z[2] = {start.z[0], start.z[1]};
    for (int stage = 0; stage < STAGES; stage++) {
      const float share = TIME_STEP * SHARE[stage];
      const Flow rate = evaluate(&own.tape[step][stage], z, (step + NODE[stage]) * TIME_STEP, -share / POINTS);
      for (int c = 0; c < 2; c++) {
        flow->z[c] += share * rate.z[c];
        if (stage + 1 < STAGES) z[c] = start.z[c] + TIME_STEP * NODE[stage + 1] * rate.z[c];
      }
      flow->a += share * rate.a;
    }
  }
  return sumOfLanes(0.5f * (flow->z[0] * flow->z[0] + flow->z[1] * flow->z[1]) - flow->a);
}

static void backward(const Flow *end) {
  Lanes bar[2] = {end->z[0] / (float)POINTS, end->z[1] / (float)POINTS};
  for (int step = STEPS - 1; step >= 0; step--) {
    Lanes next[2] = {bar[0], bar[1]}, fromLater[2] = {all(0), all(0)};
    for (int stage = STAGES - 1; stage >= 0; stage--) {
      const float share = TIME_STEP * SHARE[stage];
      const Lanes c[2] = {share * bar[0] + fromLater[0], share * bar[1] + fromLater[1]};
      Lanes zBar[2];
      pullBack(&own.tape[step][stage], (step + NODE[stage]) * TIME_STEP, -share / POINTS, c, zBar);
      for (int i = 0; i < 2; i++) {
        next[i] += zBar[i];
        fromLater[i] = TIME_STEP * NODE[stage] * zBar[i];
      }
    }
    bar[0] = next[0];
    bar[1] = next[1];
  }
}

static void step(void) {
  float *const g = own.gradient;
  own.loss = 0;
  memset(own.gradient, 0, sizeof own.gradient);
  memset(own.sums, 0, sizeof own.sums);
  own.sumB3[0] = own.sumB3[1] = all(0);
  for (int from = 0; from < POINTS; from += LANES) {
    Flow flow;
    own.loss += forward(from, &flow);
    backward(&flow);
  }
  own.loss = own.loss / POINTS + log(2 * M_PI);
  const int places[KINDS] = {W1, W1 + WIDTH, W1 + 2 * WIDTH, B1, B2, W3, W3 + WIDTH};
  for (int kind = 0; kind < KINDS; kind++)
    for (int j = 0; j < WIDTH; j++) g[places[kind] + j] = sumOfLanes(load(own.sums[kind][j]));
  for (int c = 0; c < 2; c++) g[B3 + c] = sumOfLanes(own.sumB3[c]);
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
  // Nine products with 64 x 64 at each of 80 evaluations, and two layers of tanh (60 each with what surrounds it).
  const double flops = (double)POINTS * STEPS * STAGES * (9 * 2.0 * WIDTH * WIDTH + 2 * 60.0 * WIDTH);
  const Baseline baseline = {restart, step, loss, norm, sizeof own, flops, 5, 1};
  return serve(&baseline, argc, argv);
}
