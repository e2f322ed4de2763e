// lagrangian-node by hand: a neural ODE of second order and its metric, one step of training on 128 trajectories, float32.
//
// In: nothing (data and start parameters from the random streams of the workload). Out: see harness.h.
// Form: lanes are 16 trajectories. Per tile: the start velocity, 38 Runge–Kutta steps whose tape (state, hidden values and
// slopes of each stage: 350 KB) stays in the second cache, helmholtz.h at each of the 20 points, the steps backward.
// The network of the field has one hidden layer, so its Jx, Jv and D Jv are sums over the units of products of weights
// with the slope s and with s (1 - s) times the tangent of the sum along the motion.
// Reaches 0.74 of the multiply-add peak (AMD EPYC, AVX-512: 188 of 255 GFLOP/s): four fifths of the time go into the
// Helmholtz loss, which alone reaches 0.83; the steps wait for one another and for one softplus layer after the other.
#include "harness.h"
#include "helmholtz.h"

enum { RUNS = 128, TIMES = 20, SUBSTEPS = 2, STEPS = (TIMES - 1) * SUBSTEPS, STAGES = 4, HIDDEN = 16 };

// One layout for parameters, gradient and moments: field, start velocity, metric.
enum { F_W1 = 0, F_B1 = F_W1 + INPUTS * HIDDEN, F_W2 = F_B1 + HIDDEN, F_B2 = F_W2 + HIDDEN * 2, V_FIRST = F_B2 + LANES };
enum { V_W1 = V_FIRST, V_W2 = V_W1 + 3 * HIDDEN, V_W3 = V_W2 + 17 * HIDDEN, V_W4 = V_W3 + 17 * HIDDEN, METRIC = V_W4 + 2 * HIDDEN + LANES };
enum { COUNT = METRIC + METRIC_COUNT };

static const float stageAt[STAGES] = {0, 0.5f, 0.5f, 1}, stageWeight[STAGES] = {1.0f / 6, 1.0f / 3, 1.0f / 3, 1.0f / 6};
static const float h = 1.0f / STEPS;

typedef struct {
  Lanes x[2], v[2];
} State;

// The field at one state, with what its backward pass needs.
typedef struct {
  State at;
  Lanes value[HIDDEN], slope[HIDDEN], f[2];
} Stage;

typedef struct {
  Lanes w1[HIDDEN][INPUTS], b1[HIDDEN], w2[HIDDEN][2], b2[2];
} FieldSums;

static struct {
  LANE_ALIGNED float parameter[COUNT], gradient[COUNT], first[COUNT], second[COUNT], begin[COUNT];
  LANE_ALIGNED float x0[2][RUNS], data[TIMES][2][RUNS];
  Stage tape[STEPS][STAGES];
  State points[TIMES];
  Lanes hidden[3][HIDDEN]; // of the start velocity
  FieldSums fieldSums;
  MetricTile tile;
  MetricSums metricSums;
  Adam adam;
  double loss;
} own;

static void prepare(void) {
  uint32_t next = 0;
  for (int i = 0; i < INPUTS * HIDDEN + HIDDEN; i++) own.begin[F_W1 + i] = startWeight(next++, INPUTS);
  for (int i = 0; i < HIDDEN * 2 + 2; i++) own.begin[F_W2 + i] = startWeight(next++, HIDDEN);
  for (int i = 0; i < 3 * HIDDEN; i++) own.begin[V_W1 + i] = startWeight(next++, 2);
  for (int i = 0; i < 2 * 17 * HIDDEN + 2 * HIDDEN + 2; i++) own.begin[V_W2 + i] = startWeight(next++, HIDDEN);
  metricStart(next, own.begin + METRIC);
  const double w = 2 * M_PI;
  for (int j = 0; j < RUNS; j++)
    for (int i = 0; i < 2; i++) {
      const double x = 1 + 0.1 * normal(1, 2 * j + i);
      own.x0[i][j] = (float)x;
      for (int k = 0; k < TIMES; k++) {
        const double angle = w * (k / 19.0);
        own.data[k][i][j] = (float)(x * cos(angle) + fabs(x) / 10 / w * sin(angle));
      }
    }
}

static void restart(void) {
  memcpy(own.parameter, own.begin, sizeof own.begin);
  memset(own.first, 0, sizeof own.first);
  memset(own.second, 0, sizeof own.second);
  own.adam = adamStart();
}

// A dense layer of the start velocity: [in][out] weights, then the bias.
static void dense(int inputs, int outputs, const float *weights, const Lanes *in, Lanes *out) {
  for (int j = 0; j < outputs; j++) {
    Lanes sum = all(weights[inputs * outputs + j]);
    for (int i = 0; i < inputs; i++) sum += weights[i * outputs + j] * in[i];
    out[j] = sum;
  }
}
static void denseBack(int inputs, int outputs, const float *weights, float *gradient, const Lanes *in, const Lanes *cotangent, Lanes *back) {
  for (int i = 0; i < inputs; i++) {
    Lanes sum = {0};
    for (int j = 0; j < outputs; j++) {
      sum += weights[i * outputs + j] * cotangent[j];
      gradient[i * outputs + j] += sumOfLanes(in[i] * cotangent[j]);
    }
    back[i] = sum;
  }
  for (int j = 0; j < outputs; j++) gradient[inputs * outputs + j] += sumOfLanes(cotangent[j]);
}

static void startVelocity(const Lanes x0[2], Lanes v[2]) {
  const float *const p = own.parameter;
  dense(2, HIDDEN, p + V_W1, x0, own.hidden[0]);
  for (int l = 0; l < 3; l++) {
    for (int i = 0; i < HIDDEN; i++) own.hidden[l][i] = larger(own.hidden[l][i], all(0));
    if (l < 2) dense(HIDDEN, HIDDEN, p + (l == 0 ? V_W2 : V_W3), own.hidden[l], own.hidden[l + 1]);
  }
  dense(HIDDEN, 2, p + V_W4, own.hidden[2], v);
}
static void startVelocityBack(const Lanes x0[2], const Lanes v[2]) {
  const float *const p = own.parameter;
  float *const g = own.gradient;
  Lanes back[2][HIDDEN];
  denseBack(HIDDEN, 2, p + V_W4, g + V_W4, own.hidden[2], v, back[0]);
  for (int l = 2; l >= 0; l--) {
    for (int i = 0; i < HIDDEN; i++) back[0][i] = whereNegative(-own.hidden[l][i], back[0][i], all(0));
    if (l == 0) break;
    const int at = l == 2 ? V_W3 : V_W2;
    denseBack(HIDDEN, HIDDEN, p + at, g + at, own.hidden[l - 1], back[0], back[1]);
    memcpy(back[0], back[1], sizeof back[0]);
  }
  denseBack(2, HIDDEN, p + V_W1, g + V_W1, x0, back[0], back[1]);
}

// f, from stage->at and the time.
INLINE void field(const float *p, float t, Stage *stage) {
  const Lanes *const x = stage->at.x, *const v = stage->at.v;
  Lanes f0 = all(p[F_B2]), f1 = all(p[F_B2 + 1]);
  UNROLL for (int i = 0; i < HIDDEN; i++) {
    const float *const w = p + F_W1 + i;
    const float constant = p[F_B1 + i] + w[0] * t;
    const Softplus u = softplusLanes(constant + w[HIDDEN] * x[0] + w[2 * HIDDEN] * x[1] + w[3 * HIDDEN] * v[0] + w[4 * HIDDEN] * v[1]);
    stage->value[i] = u.value;
    stage->slope[i] = u.slope;
    f0 += p[F_W2 + 2 * i] * u.value;
    f1 += p[F_W2 + 2 * i + 1] * u.value;
  }
  stage->f[0] = f0;
  stage->f[1] = f1;
}

// The cotangent of the state from that of f; adds to the gradients.
INLINE State fieldBack(const float *p, float t, const Stage *stage, const Lanes f[2], FieldSums *sums) {
  const Lanes *const x = stage->at.x, *const v = stage->at.v;
  State back = {0};
  UNROLL for (int i = 0; i < HIDDEN; i++) {
    const float *const w = p + F_W1 + i;
    const Lanes a = stage->slope[i] * (p[F_W2 + 2 * i] * f[0] + p[F_W2 + 2 * i + 1] * f[1]);
    sums->w2[i][0] += stage->value[i] * f[0];
    sums->w2[i][1] += stage->value[i] * f[1];
    sums->b1[i] += a;
    sums->w1[i][0] += t * a;
    UNROLL for (int c = 0; c < 2; c++) {
      sums->w1[i][1 + c] += a * x[c];
      sums->w1[i][3 + c] += a * v[c];
      back.x[c] += w[(1 + c) * HIDDEN] * a;
      back.v[c] += w[(3 + c) * HIDDEN] * a;
    }
  }
  UNROLL for (int c = 0; c < 2; c++) sums->b2[c] += f[c];
  return back;
}

static __attribute__((noinline)) void stepForward(int n, State *state) {
  Stage *const tape = own.tape[n];
  State next = *state;
  for (int s = 0; s < STAGES; s++) {
    tape[s].at = *state;
    UNROLL for (int c = 0; c < 2 && s > 0; c++) {
      tape[s].at.x[c] += stageAt[s] * h * tape[s - 1].at.v[c];
      tape[s].at.v[c] += stageAt[s] * h * tape[s - 1].f[c];
    }
    field(own.parameter, (n + stageAt[s]) * h, &tape[s]);
    UNROLL for (int c = 0; c < 2; c++) {
      next.x[c] += stageWeight[s] * h * tape[s].at.v[c];
      next.v[c] += stageWeight[s] * h * tape[s].f[c];
    }
  }
  *state = next;
}

// `back` is the cotangent of the state after the step, then of the one before it.
static __attribute__((noinline)) void stepBack(int n, State *back) {
  const Stage *const tape = own.tape[n];
  State total = *back;
  Lanes later[2] = {{0}}, earlier[2] = {{0}}; // what stage s + 1 adds to the cotangents of v and f of stage s
  for (int s = STAGES - 1; s >= 0; s--) {
    Lanes f[2], v[2];
    UNROLL for (int c = 0; c < 2; c++) {
      v[c] = stageWeight[s] * h * back->x[c] + later[c];
      f[c] = stageWeight[s] * h * back->v[c] + earlier[c];
    }
    const State found = fieldBack(own.parameter, (n + stageAt[s]) * h, &tape[s], f, &own.fieldSums);
    UNROLL for (int c = 0; c < 2; c++) {
      v[c] += found.v[c];
      total.x[c] += found.x[c];
      total.v[c] += v[c];
      later[c] = stageAt[s] * h * found.x[c];
      earlier[c] = stageAt[s] * h * v[c];
    }
  }
  *back = total;
}

// What the Helmholtz loss takes of the field, beside f.
typedef struct {
  Lanes jx[2][2], jv[2][2], djv[2][2];
} Slopes;
INLINE Slopes slopesAt(const float *p, const Stage *stage, const Lanes dz[INPUTS], Lanes along[HIDDEN]) {
  Slopes found = {0};
  UNROLL for (int i = 0; i < HIDDEN; i++) {
    const float *const w = p + F_W1 + i, *const w2 = p + F_W2 + 2 * i;
    along[i] = all(w[0]);
    UNROLL for (int k = 1; k < INPUTS; k++) along[i] += w[k * HIDDEN] * dz[k];
    const Lanes s = stage->slope[i], e = s * (1 - s) * along[i];
    UNROLL for (int c = 0; c < 2; c++) {
      const Lanes q = s * w2[c], d = e * w2[c];
      UNROLL for (int k = 0; k < 2; k++) {
        found.jx[c][k] += q * w[(1 + k) * HIDDEN];
        found.jv[c][k] += q * w[(3 + k) * HIDDEN];
        found.djv[c][k] += d * w[(3 + k) * HIDDEN];
      }
    }
  }
  return found;
}

// Gradients from the cotangents of f (without the part through D Jv) and of the slopes.
INLINE void slopesBack(const float *p, const Stage *stage, const Lanes z[INPUTS], const Lanes dz[INPUTS], const Lanes along[HIDDEN], const Slopes *back, Lanes f[2], FieldSums *sums) {
  UNROLL for (int i = 0; i < HIDDEN; i++) { // f is a part of dz
    const float *const w = p + F_W1 + i, *const w2 = p + F_W2 + 2 * i;
    const Lanes s = stage->slope[i];
    Lanes bend = {0};
    UNROLL for (int c = 0; c < 2; c++) bend += w2[c] * (w[3 * HIDDEN] * back->djv[c][0] + w[4 * HIDDEN] * back->djv[c][1]);
    bend *= s * (1 - s);
    UNROLL for (int c = 0; c < 2; c++) f[c] += w[(3 + c) * HIDDEN] * bend;
  }
  UNROLL for (int i = 0; i < HIDDEN; i++) {
    const float *const w = p + F_W1 + i, *const w2 = p + F_W2 + 2 * i;
    const Lanes s = stage->slope[i], curve = s * (1 - s), e = curve * along[i];
    Lanes slope = {0}, bend = {0}, weights[INPUTS] = {{0}};
    UNROLL for (int c = 0; c < 2; c++) {
      Lanes m = {0}, n = {0};
      UNROLL for (int k = 0; k < 2; k++) {
        m += w[(1 + k) * HIDDEN] * back->jx[c][k] + w[(3 + k) * HIDDEN] * back->jv[c][k];
        n += w[(3 + k) * HIDDEN] * back->djv[c][k];
        weights[1 + k] += w2[c] * s * back->jx[c][k];
        weights[3 + k] += w2[c] * (s * back->jv[c][k] + e * back->djv[c][k]);
      }
      slope += w2[c] * m;
      bend += w2[c] * n;
      sums->w2[i][c] += s * m + e * n + stage->value[i] * f[c];
    }
    const Lanes a = s * (w2[0] * f[0] + w2[1] * f[1]) + curve * (slope + (1 - 2 * s) * along[i] * bend), da = curve * bend;
    sums->b1[i] += a;
    UNROLL for (int k = 0; k < INPUTS; k++) sums->w1[i][k] += weights[k] + a * z[k] + da * dz[k];
  }
  UNROLL for (int c = 0; c < 2; c++) sums->b2[c] += f[c];
}

// The Helmholtz loss at point k of the tile.
static __attribute__((noinline)) double helmholtzAt(int k) {
  const float t = k / (float)(TIMES - 1), *const p = own.parameter;
  Stage stage = {.at = own.points[k]};
  field(p, t, &stage);
  const Lanes z[INPUTS] = {all(t), stage.at.x[0], stage.at.x[1], stage.at.v[0], stage.at.v[1]};
  const Lanes dz[INPUTS] = {all(1), z[3], z[4], stage.f[0], stage.f[1]};
  Lanes along[HIDDEN];
  const Slopes slopes = slopesAt(p, &stage, dz, along);
  const Lanes(*jv)[2] = slopes.jv;
  FieldAt at = {.f = {stage.f[0], stage.f[1]}}, found;
  UNROLL for (int c = 0; c < 2; c++)
    UNROLL for (int i = 0; i < 2; i++) {
      at.jv[c][i] = jv[c][i];
      at.phi[c][i] = 0.5f * slopes.djv[c][i] - slopes.jx[c][i] - 0.25f * (jv[c][0] * jv[0][i] + jv[c][1] * jv[1][i]);
    }
  const Lanes loss = helmholtzTile(p + METRIC, 1.0f / (RUNS * TIMES), z, &at, &own.tile, &own.metricSums, &found);
  Slopes back;
  UNROLL for (int c = 0; c < 2; c++)
    UNROLL for (int i = 0; i < 2; i++) {
      back.djv[c][i] = 0.5f * found.phi[c][i];
      back.jx[c][i] = -found.phi[c][i];
      back.jv[c][i] = found.jv[c][i] - 0.25f * (found.phi[c][0] * jv[i][0] + found.phi[c][1] * jv[i][1] + jv[0][c] * found.phi[0][i] + jv[1][c] * found.phi[1][i]);
    }
  slopesBack(p, &stage, z, dz, along, &back, found.f, &own.fieldSums);
  return sumOfLanes(loss);
}

// The error at point k: its part of the loss, and of the cotangent of the position.
INLINE Lanes errorAt(int from, int k, Lanes back[2]) {
  const float weight = 1.0f / (RUNS * TIMES * 2);
  Lanes total = {0};
  UNROLL for (int c = 0; c < 2; c++) {
    const Lanes miss = own.points[k].x[c] - load(own.data[k][c] + from);
    total += weight * miss * miss;
    back[c] += 2 * weight * miss;
  }
  return total;
}

static void tileAt(int from) {
  State state = {.x = {load(own.x0[0] + from), load(own.x0[1] + from)}}, back = {0};
  const Lanes x0[2] = {state.x[0], state.x[1]};
  startVelocity(x0, state.v);
  own.points[0] = state;
  for (int n = 0; n < STEPS; n++) {
    stepForward(n, &state);
    if (n % SUBSTEPS == SUBSTEPS - 1) own.points[n / SUBSTEPS + 1] = state;
  }
  for (int k = 0; k < TIMES; k++) own.loss += helmholtzAt(k);
  Lanes errors = {0};
  for (int n = STEPS - 1; n >= 0; n--) {
    if (n % SUBSTEPS == SUBSTEPS - 1) errors += errorAt(from, n / SUBSTEPS + 1, back.x);
    stepBack(n, &back);
  }
  own.loss += sumOfLanes(errors); // at point 0 there is none
  startVelocityBack(x0, back.v);
}

static void addFieldGradient(const FieldSums *sums, float *gradient) {
  for (int i = 0; i < HIDDEN; i++) {
    for (int k = 0; k < INPUTS; k++) gradient[F_W1 + k * HIDDEN + i] += sumOfLanes(sums->w1[i][k]);
    gradient[F_B1 + i] += sumOfLanes(sums->b1[i]);
    for (int c = 0; c < 2; c++) gradient[F_W2 + 2 * i + c] += sumOfLanes(sums->w2[i][c]);
  }
  for (int c = 0; c < 2; c++) gradient[F_B2 + c] += sumOfLanes(sums->b2[c]);
}

static void step(void) {
  own.loss = 0;
  memset(own.gradient, 0, sizeof own.gradient);
  memset(&own.fieldSums, 0, sizeof own.fieldSums);
  memset(&own.metricSums, 0, sizeof own.metricSums);
  for (int from = 0; from < RUNS; from += LANES) tileAt(from);
  addFieldGradient(&own.fieldSums, own.gradient);
  addMetricGradient(&own.metricSums, own.gradient + METRIC);
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
  // A stage: forward 14 and a softplus (50), backward 28 a unit; a point: beside the metric as much as three stages.
  const double stages = RUNS * (STEPS * STAGES + 3.0 * TIMES), points = RUNS * TIMES;
  const Baseline baseline = {restart, step, loss, norm, sizeof own, stages * HIDDEN * 92 + points * helmholtzFlops, 20, 5};
  return serve(&baseline, argc, argv);
}
