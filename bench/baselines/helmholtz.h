// The Helmholtz loss of a field and a metric at one tile of points, with all its gradients: what `helmholtz-kepler` and
// `lagrangian-node` share. See bench/workloads/helmholtz-loss.ts for the formulas.
//
// In: points z = (t, x, v), LANES of them side by side, the field there (f, Jv, Phi). Out: the sum of the loss over the
// lanes times `weight`; gradients by the network of the metric, kept as lanes and summed by `addMetricGradient`; cotangents of
// f, Jv and Phi.
// Form: the network carries a value and three tangents: along the motion (1, v, f), which makes D g, and along v1 and v2,
// which make R3; fewer directions do not give the loss. [unit][tensor][lane], so that one pass over the 64 x 64 weights
// serves all four, forward (a2 = W2ᵀ h1), backward (W2 e2) and in the gradient (h1 e2ᵀ, with e2 transposed in registers).
// These are 12 x 64 x 64 multiply-adds a point and bind the step; all else is fused into the loops before and after them.
#ifndef HELMHOLTZ_H
#define HELMHOLTZ_H
#include "products.h"
#include "softplus.h"

enum { VALUE, MOTION, FIRST, SECOND, TENSORS }; // what a unit carries; FIRST and SECOND are tangents along v1 and v2
enum { INPUTS = 5, UNITS = 64, OUTPUTS = 3, PITCH = TENSORS * LANES };

// Where the metric's parameters lie in its block of METRIC_COUNT numbers, in the order of declaration.
enum { G_W1 = 0, G_B1 = G_W1 + INPUTS * UNITS, G_W2 = G_B1 + UNITS, G_B2 = G_W2 + UNITS * UNITS, G_W3 = G_B2 + UNITS, G_B3 = G_W3 + UNITS * OUTPUTS, METRIC_COUNT = G_B3 + LANES };

// The field at the points, and cotangents of the same.
typedef struct {
  Lanes f[2], jv[2][2], phi[2][2];
} FieldAt;

// Gradients in lanes; that of W2 is a matrix already.
typedef struct {
  Lanes w1[UNITS][INPUTS], b1[UNITS], b2[UNITS], w3[UNITS][OUTPUTS], b3[OUTPUTS];
  LANE_ALIGNED float w2[UNITS * UNITS];
} MetricSums;

// What a tile needs between its loops: hot in the first cache.
typedef struct {
  Lanes h1[UNITS][TENSORS], slope1[UNITS];
  Lanes h2[UNITS], slope2[UNITS], a2[UNITS][TENSORS], e2[UNITS][TENSORS];
  LANE_ALIGNED float turned[PITCH][UNITS];
} MetricTile;

INLINE Lanes rootLanes(Lanes x) {
  UNROLL for (int i = 0; i < LANES; i++) x[i] = __builtin_sqrtf(x[i]);
  return x;
}
INLINE Lanes magnitude(Lanes x) { return larger(x, -x); }

// The first layer: its tangents along v1 and v2 are the slope times a row of the weights.
INLINE void metricFirstLayer(const float *g, const Lanes z[INPUTS], const Lanes dz[INPUTS], MetricTile *tile) {
  for (int i = 0; i < UNITS; i++) {
    Lanes a = all(g[G_B1 + i]), along = {0};
    UNROLL for (int k = 0; k < INPUTS; k++) {
      a += g[G_W1 + k * UNITS + i] * z[k];
      along += g[G_W1 + k * UNITS + i] * dz[k];
    }
    const Softplus h = softplusLanes(a);
    tile->slope1[i] = h.slope;
    tile->h1[i][VALUE] = h.value;
    tile->h1[i][MOTION] = h.slope * along;
    tile->h1[i][FIRST] = h.slope * g[G_W1 + 3 * UNITS + i];
    tile->h1[i][SECOND] = h.slope * g[G_W1 + 4 * UNITS + i];
  }
}

// Some units of the second layer, and their part of the outputs.
INLINE void metricSecondLayer(int rows, int from, const float *g, MetricTile *tile, Lanes o[OUTPUTS][TENSORS]) {
  Sums sum;
  zero(rows, TENSORS, sum);
  addWeighted(rows, TENSORS, UNITS, g + G_W2 + from, 1, UNITS, (const float *)tile->h1, PITCH, sum);
  UNROLL for (int r = 0; r < rows; r++) {
    const int j = from + r;
    const Softplus h = softplusLanes(sum[r][VALUE] + g[G_B2 + j]);
    tile->h2[j] = h.value;
    tile->slope2[j] = h.slope;
    Lanes h2[TENSORS] = {h.value};
    UNROLL for (int k = MOTION; k < TENSORS; k++) {
      tile->a2[j][k] = sum[r][k];
      h2[k] = h.slope * sum[r][k];
    }
    UNROLL for (int i = 0; i < OUTPUTS; i++)
      UNROLL for (int k = 0; k < TENSORS; k++) o[i][k] += g[G_W3 + j * OUTPUTS + i] * h2[k];
  }
}

// One residual r: adds weight (10 tanh(r / (10 lambda)))² to the loss, gives the cotangent of r and adds to that of lambda.
typedef struct {
  Lanes lambda, scale, loss, cotangent; // scale = 1 / (10 lambda)
} Clip;
INLINE Lanes residual(Clip *clip, Lanes r, float weight) {
  const Lanes x = r * clip->scale, t = tanhLanes(x), e = expLanes(larger(-2 * magnitude(x), all(-87))), part = 1 / (1 + e);
  const Lanes slope = 800 * weight * t * e * part * part * clip->scale; // 1 - t² = 4 e / (1 + e)²: x reaches 1e5
  clip->loss += 100 * weight * t * t;
  clip->cotangent -= slope * r;
  return slope;
}

// The loss from the outputs o of the network and the field; o becomes its own cotangent.
INLINE Lanes conditions(float weight, const FieldAt *at, Lanes o[OUTPUTS][TENSORS], FieldAt *back) {
  Lanes s[OUTPUTS][TENSORS], cosine[OUTPUTS], c[OUTPUTS][TENSORS] = {0};
  UNROLL for (int i = 0; i < OUTPUTS; i++) {
    const Lanes grown = expLanes(o[i][VALUE]), shrunk = 1 / grown;
    s[i][VALUE] = 0.5f * (grown - shrunk);
    cosine[i] = 0.5f * (grown + shrunk);
    UNROLL for (int k = MOTION; k < TENSORS; k++) s[i][k] = cosine[i] * o[i][k];
  }
  const Lanes g11 = 2 * s[0][VALUE], g12 = s[1][VALUE], g22 = 2 * s[2][VALUE];
  const Lanes middle = s[0][VALUE] + s[2][VALUE], half = s[0][VALUE] - s[2][VALUE];
  const Lanes root = rootLanes(half * half + g12 * g12), gap = magnitude(middle) - root;
  Clip clip = {.lambda = magnitude(gap) + 1e-6f};
  clip.scale = 0.1f / clip.lambda;

  const Lanes(*phi)[2] = at->phi, (*jv)[2] = at->jv, turn = phi[1][1] - phi[0][0], trace = jv[0][0] + jv[1][1];
  const Lanes r1 = residual(&clip, g11 * phi[0][1] + g12 * turn - g22 * phi[1][0], 0.5f * weight);
  const Lanes r11 = residual(&clip, 2 * s[0][MOTION] + g11 * jv[0][0] + g12 * jv[1][0], 0.25f * weight);
  const Lanes r12 = 0.5f * residual(&clip, s[1][MOTION] + 0.5f * (g11 * jv[0][1] + g12 * trace + g22 * jv[1][0]), 0.5f * weight);
  const Lanes r22 = residual(&clip, 2 * s[2][MOTION] + g12 * jv[0][1] + g22 * jv[1][1], 0.25f * weight);
  const Lanes ra = residual(&clip, 2 * s[0][SECOND] - s[1][FIRST], 0.25f * weight);
  const Lanes rb = residual(&clip, s[1][SECOND] - 2 * s[2][FIRST], 0.25f * weight);

  *back = (FieldAt){.phi = {{-r1 * g12, r1 * g11}, {-r1 * g22, r1 * g12}},
                    .jv = {{r11 * g11 + r12 * g12, r12 * g11 + r22 * g12}, {r11 * g12 + r12 * g22, r12 * g12 + r22 * g22}}};
  Lanes gapBack = clip.cotangent / clip.lambda;
  gapBack = whereNegative(gap, -gapBack, gapBack);
  const Lanes middleBack = whereNegative(middle, -gapBack, gapBack), rootBack = -gapBack / root;
  c[0][VALUE] = 2 * (r1 * phi[0][1] + r11 * jv[0][0] + r12 * jv[0][1]) + middleBack + rootBack * half;
  c[1][VALUE] = r1 * turn + r11 * jv[1][0] + r12 * trace + r22 * jv[0][1] + rootBack * g12;
  c[2][VALUE] = 2 * (r12 * jv[1][0] + r22 * jv[1][1] - r1 * phi[1][0]) + middleBack - rootBack * half;
  c[0][MOTION] = 2 * r11;
  c[1][MOTION] = 2 * r12;
  c[2][MOTION] = 2 * r22;
  c[0][SECOND] = 2 * ra;
  c[1][FIRST] = -ra;
  c[1][SECOND] = rb;
  c[2][FIRST] = -2 * rb;
  UNROLL for (int i = 0; i < OUTPUTS; i++) {
    Lanes total = {0};
    UNROLL for (int k = MOTION; k < TENSORS; k++) {
      total += o[i][k] * c[i][k];
      o[i][k] = cosine[i] * c[i][k];
    }
    o[i][VALUE] = cosine[i] * c[i][VALUE] + s[i][VALUE] * total;
  }
  return clip.loss;
}

// Back through the second layer's activation: e2 are the cotangents of its sums, from those of the outputs.
INLINE void metricLastBack(const float *g, const Lanes o[OUTPUTS][TENSORS], MetricTile *tile, MetricSums *sums) {
  for (int j = 0; j < UNITS; j++) {
    const Lanes slope = tile->slope2[j];
    Lanes h2[TENSORS] = {tile->h2[j]}, back[TENSORS] = {{0}}, bend = {0};
    UNROLL for (int k = MOTION; k < TENSORS; k++) h2[k] = slope * tile->a2[j][k];
    UNROLL for (int i = 0; i < OUTPUTS; i++) {
      Lanes total = sums->w3[j][i];
      UNROLL for (int k = 0; k < TENSORS; k++) {
        if ((i == 0 && k == FIRST) || (i == 2 && k == SECOND)) continue; // of no use to the loss
        total += h2[k] * o[i][k];
        back[k] += g[G_W3 + j * OUTPUTS + i] * o[i][k];
      }
      sums->w3[j][i] = total;
    }
    UNROLL for (int k = MOTION; k < TENSORS; k++) {
      bend += h2[k] * back[k];
      tile->e2[j][k] = slope * back[k];
    }
    tile->e2[j][VALUE] = slope * back[VALUE] + (1 - slope) * bend;
    sums->b2[j] += tile->e2[j][VALUE];
  }
  UNROLL for (int i = 0; i < OUTPUTS; i++) sums->b3[i] += o[i][VALUE];
}

// Some rows of the gradient of W2, and back through those units of the first layer; adds to the cotangent of f.
INLINE void metricFirstBack(int rows, int from, const float *g, const Lanes z[INPUTS], const Lanes dz[INPUTS], const MetricTile *tile, MetricSums *sums, Lanes f[2]) {
  addOuter(rows, UNITS / LANES, PITCH, (const float *)tile->h1[from], PITCH, tile->turned[0], UNITS, LANES, sums->w2 + from * UNITS, UNITS);
  Sums sum;
  zero(rows, TENSORS, sum);
  addWeighted(rows, TENSORS, UNITS, g + G_W2 + from * UNITS, UNITS, 1, (const float *)tile->e2, PITCH, sum);
  UNROLL for (int r = 0; r < rows; r++) {
    const int i = from + r;
    const Lanes slope = tile->slope1[i], *h1 = tile->h1[i];
    const Lanes bend = h1[MOTION] * sum[r][MOTION] + h1[FIRST] * sum[r][FIRST] + h1[SECOND] * sum[r][SECOND];
    const Lanes value = slope * sum[r][VALUE] + (1 - slope) * bend, along = slope * sum[r][MOTION];
    sums->b1[i] += value;
    UNROLL for (int k = 0; k < INPUTS; k++) sums->w1[i][k] += value * z[k] + along * dz[k];
    sums->w1[i][3] += slope * sum[r][FIRST];
    sums->w1[i][4] += slope * sum[r][SECOND];
    f[0] += g[G_W1 + 3 * UNITS + i] * along;
    f[1] += g[G_W1 + 4 * UNITS + i] * along;
  }
}

INLINE void turn(const Lanes from[UNITS][TENSORS], float to[PITCH][UNITS]) {
  for (int j = 0; j < UNITS; j += LANES) {
    for (int k = 0; k < TENSORS; k++) {
      Lanes m[LANES];
      UNROLL for (int i = 0; i < LANES; i++) m[i] = from[j + i][k];
      transposeLanes(m);
      UNROLL for (int i = 0; i < LANES; i++) store(to[k * LANES + i] + j, m[i]);
    }
  }
}

// The whole of one tile. g: parameters of the metric; back: cotangents of the field.
enum { BLOCK = 6, REST = UNITS % BLOCK };
INLINE Lanes helmholtzTile(const float *g, float weight, const Lanes z[INPUTS], const FieldAt *at, MetricTile *tile, MetricSums *sums, FieldAt *back) {
  const Lanes dz[INPUTS] = {all(1), z[3], z[4], at->f[0], at->f[1]};
  metricFirstLayer(g, z, dz, tile);
  Lanes o[OUTPUTS][TENSORS] = {0};
  UNROLL for (int i = 0; i < OUTPUTS; i++) o[i][VALUE] = all(g[G_B3 + i]);
  for (int j = 0; j + BLOCK <= UNITS; j += BLOCK) metricSecondLayer(BLOCK, j, g, tile, o);
  metricSecondLayer(REST, UNITS - REST, g, tile, o);
  const Lanes loss = conditions(weight, at, o, back);
  metricLastBack(g, o, tile, sums);
  turn(tile->e2, tile->turned);
  for (int i = 0; i + BLOCK <= UNITS; i += BLOCK) metricFirstBack(BLOCK, i, g, z, dz, tile, sums, back->f);
  metricFirstBack(REST, UNITS - REST, g, z, dz, tile, sums, back->f);
  return loss;
}

// Adds to the gradient of the metric's parameters, laid out as they are.
static void addMetricGradient(const MetricSums *sums, float *gradient) {
  for (int i = 0; i < UNITS; i++) {
    for (int k = 0; k < INPUTS; k++) gradient[G_W1 + k * UNITS + i] += sumOfLanes(sums->w1[i][k]);
    gradient[G_B1 + i] += sumOfLanes(sums->b1[i]);
    gradient[G_B2 + i] += sumOfLanes(sums->b2[i]);
    for (int k = 0; k < OUTPUTS; k++) gradient[G_W3 + i * OUTPUTS + k] += sumOfLanes(sums->w3[i][k]);
  }
  for (int k = 0; k < OUTPUTS; k++) gradient[G_B3 + k] += sumOfLanes(sums->b3[k]);
  for (int i = 0; i < UNITS * UNITS; i++) gradient[G_W2 + i] += sums->w2[i];
}

// Start parameters from number `next` of stream 0 on; returns the first number not taken.
static uint32_t metricStart(uint32_t next, float *begin) {
  for (int i = 0; i < INPUTS * UNITS + UNITS; i++) begin[G_W1 + i] = startWeight(next++, INPUTS);
  for (int i = 0; i < UNITS * UNITS + UNITS + UNITS * OUTPUTS + OUTPUTS; i++) begin[G_W2 + i] = startWeight(next++, UNITS);
  return next;
}

// Multiply-adds (two each) of one point: 12 products with 64 x 64, the small layers, two softplus of about 50 a unit.
static const double helmholtzFlops = 12 * 2.0 * UNITS * UNITS + UNITS * (2.0 * (10 + 12 + 24 + 12) + 2 * 50);
#endif
