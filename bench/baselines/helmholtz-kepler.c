// helmholtz-kepler by hand: the Helmholtz loss of a metric network on 64,000 points of the Kepler problem, float32.
//
// In: nothing (orbits and start parameters from the random streams of the workload). Out: see harness.h.
// Form: helmholtz.h on tiles of 16 points, all of a tile in the first cache; Jx, Jv and D Jv by formula in every step.
// Reaches 0.83 of the multiply-add peak (AMD EPYC, AVX-512: 210 of 253 GFLOP/s). The products with 64 x 64 bind it, 88 % of
// the arithmetic; the rest is mostly the two layers of softplus, which use the same units of the machine.
#include "harness.h"
#include "helmholtz.h"

enum { ORBITS = 128, TIMES = 500, SUBSTEPS = 20, POINTS = ORBITS * TIMES };
enum { CHUNK = 100 * LANES }; // gradients are summed in two levels: in one, rounding moves the loss after eight steps by 1e-4
#define GM (4 * M_PI * M_PI / 16)

static struct {
  LANE_ALIGNED float parameter[METRIC_COUNT], gradient[METRIC_COUNT], first[METRIC_COUNT], second[METRIC_COUNT], begin[METRIC_COUNT];
  LANE_ALIGNED float z[INPUTS][POINTS];
  MetricTile tile;
  MetricSums sums;
  int steps; // done
  double loss, norm;
} own;

static void slope(const double y[4], double out[4]) {
  out[0] = y[2];
  out[1] = y[3];
  out[2] = y[0] * y[3] * y[3] - GM / (y[0] * y[0]);
  out[3] = -2 * y[2] * y[3] / y[0];
}
static void moved(const double y[4], double h, const double k[4], double out[4]) {
  for (int i = 0; i < 4; i++) out[i] = y[i] + h * k[i];
}
static void rungeKutta(double y[4], double h) {
  double k1[4], k2[4], k3[4], k4[4], at[4];
  slope(y, k1);
  moved(y, h / 2, k1, at);
  slope(at, k2);
  moved(y, h / 2, k2, at);
  slope(at, k3);
  moved(y, h, k3, at);
  slope(at, k4);
  for (int i = 0; i < 4; i++) y[i] += h / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
}

static void prepare(void) {
  metricStart(0, own.begin);
  for (int j = 0; j < ORBITS; j++) {
    const double e = fmin(0.8, fmax(0, 0.5 + 0.2 * normal(1, 3 * j))), p = fabs(1 + 0.1 * normal(1, 3 * j + 1));
    const double phi = fmin(-1.4, fmax(-1.7, -1.5 + 0.06 * normal(1, 3 * j + 2)));
    const double momentum = sqrt(GM * p), r = p / (1 + e * cos(phi));
    double y[4] = {r, phi, GM * e * sin(phi) / momentum, momentum / (r * r)};
    for (int k = 0; k < TIMES; k++) {
      own.z[0][j * TIMES + k] = (float)(8.0 * k / (TIMES - 1));
      for (int i = 0; i < 4; i++) own.z[1 + i][j * TIMES + k] = (float)y[i];
      for (int i = 0; i < SUBSTEPS; i++) rungeKutta(y, 8.0 / (TIMES - 1) / SUBSTEPS);
    }
  }
}

static void restart(void) {
  memcpy(own.parameter, own.begin, sizeof own.begin);
  memset(own.first, 0, sizeof own.first);
  memset(own.second, 0, sizeof own.second);
  own.steps = 0;
}

// f = (r w² - GM / r², -2 u w / r) of v = (u, w), its Jv, and Phi = D Jv / 2 - Jx - Jv Jv / 4.
INLINE FieldAt keplerAt(const Lanes z[INPUTS]) {
  const Lanes r = z[1], u = z[3], w = z[4], inverse = 1 / r, pull = (float)GM * inverse * inverse;
  const Lanes f0 = r * w * w - pull, f1 = -2 * u * w * inverse, zero = {0};
  const Lanes jv[2][2] = {{zero, 2 * r * w}, {-2 * w * inverse, -2 * u * inverse}};
  const Lanes jx[2][2] = {{w * w + 2 * pull * inverse, zero}, {2 * u * w * inverse * inverse, zero}};
  const Lanes djv[2][2] = {{zero, 2 * (u * w + r * f1)}, {2 * inverse * (u * w * inverse - f1), 2 * inverse * (u * u * inverse - f0)}};
  FieldAt at = {.f = {f0, f1}};
  UNROLL for (int i = 0; i < 2; i++)
    UNROLL for (int k = 0; k < 2; k++) {
      at.jv[i][k] = jv[i][k];
      at.phi[i][k] = 0.5f * djv[i][k] - jx[i][k] - 0.25f * (jv[i][0] * jv[0][k] + jv[i][1] * jv[1][k]);
    }
  return at;
}

static __attribute__((noinline)) double tileAt(int from) {
  Lanes z[INPUTS];
  UNROLL for (int k = 0; k < INPUTS; k++) z[k] = load(own.z[k] + from);
  const FieldAt at = keplerAt(z);
  FieldAt unused;
  return sumOfLanes(helmholtzTile(own.parameter, 1.0f / POINTS, z, &at, &own.tile, &own.sums, &unused));
}

// RAdam (1e-2, 0.9, 0.999, 1e-8) on the gradient times `factor`: Liu et al., 2020, algorithm 2.
static void radamUpdate(float factor) {
  const double t = ++own.steps, forgotten = 1 - pow(0.999, t), longest = 2 / (1 - 0.999) - 1;
  const double window = longest - 2 * t * (1 - forgotten) / forgotten;
  const double rectified = (window - 4) * (window - 2) * longest / ((longest - 4) * (longest - 2) * window);
  const int adaptive = window > 5;
  const float rate = (float)(1e-2 / (1 - pow(0.9, t)) * (adaptive ? sqrt(rectified * forgotten) : 1));
  for (int i = 0; i < METRIC_COUNT; i++) {
    const float g = factor * own.gradient[i];
    const float m = 0.9f * own.first[i] + 0.1f * g, v = 0.999f * own.second[i] + 0.001f * g * g;
    own.first[i] = m;
    own.second[i] = v;
    own.parameter[i] -= rate * m / (adaptive ? __builtin_sqrtf(v) + 1e-8f : 1);
  }
}

static void step(void) {
  own.loss = 0;
  memset(own.gradient, 0, sizeof own.gradient);
  for (int from = 0; from < POINTS; from += CHUNK) {
    memset(&own.sums, 0, sizeof own.sums);
    for (int at = from; at < from + CHUNK; at += LANES) own.loss += tileAt(at);
    addMetricGradient(&own.sums, own.gradient);
  }
  double squares = 0;
  for (int i = 0; i < METRIC_COUNT; i++) squares += (double)own.gradient[i] * own.gradient[i];
  own.norm = sqrt(squares);
  radamUpdate((float)fmin(1, 10 / (own.norm + 1e-6)));
}

static double loss(void) { return own.loss; }
static double norm(void) { return own.norm; }

int main(int argc, char **argv) {
  prepare();
  const Baseline baseline = {restart, step, loss, norm, sizeof own, POINTS * helmholtzFlops, 8, 1};
  return serve(&baseline, argc, argv);
}
