// lnn and lnn-600 by hand: Lagrangian network on the double pendulum, one step of training on 512 states, float32.
//
// In: WIDTH, HIDDEN (layers) and PANEL (units that a product takes at a time) of the includer; data and start parameters from
// the random streams of the workload. Out: see harness.h. Form, the plain one: the gradient of L by a reverse pass, and its
// tangent along each of the two velocities; then all of that backward. Lanes are 16 states; the value and the two tangents
// meet the weights together. With s = softplus'(a), p = s (1 - s), and bars for the cotangents of the second reverse pass,
// layer by layer:
//   up         a, t1, t2 = Wᵀ (h, s t1, s t2 of the layer below)
//   down       c, e1, e2 = W (m, n1, n2 of the layer above);  m = c s, n_i = e_i s + c p t_i;  c = W_out, e = 0 at the top
//   up         mbar, nbar_i = Wᵀ (cbar, ebar_i);  cbar = mbar s + sum nbar_i p t_i, ebar_i = nbar_i s
//   down       hbar, gbar_i = W (abar, tbar_i);   tbar_i = nbar_i c p + gbar_i s,
//              abar = hbar s + (mbar c + sum (nbar_i e_i + gbar_i t_i)) p + (sum nbar_i c t_i) (1 - 2 s) p
//   gradient   dW = (cbar, ebar_i) (m, n_i)ᵀ + (h, s t_i) (abar, tbar_i)ᵀ, one product over 6 x 16 columns.
// 18 products with WIDTH x WIDTH per state and matrix between hidden layers bind the step. The weights are copied once a
// step into the order in which the passes up and down read them: panels of PANEL inputs, whose tile stays in the first
// cache while all rows pass.
#include "harness.h"
#include "products.h"
#include "softplus.h"

enum { STATES = 512, INPUTS = 4, TENSORS = 3, ROWS = 8, COLUMNS = 3, MATRICES = HIDDEN - 1, TOP = HIDDEN - 1 };
enum { PANELS = WIDTH / PANEL, VECTORS = (WIDTH + LANES - 1) / LANES, PITCH = VECTORS * LANES };

// One layout for parameters, gradient and moments: W1 [input][unit], the biases, W_out, b_out, the matrices [in][out].
enum { W1 = 0, BIAS = INPUTS * PITCH, OUT = BIAS + HIDDEN * PITCH, OUT_BIAS = OUT + PITCH, BETWEEN = OUT_BIAS + LANES };
enum { MATRIX = WIDTH * PITCH, COUNT = BETWEEN + MATRICES * MATRIX };

typedef float Tensors[TENSORS][LANES]; // a value and its two tangents
// What meets in the gradient of a matrix: on the side of its inputs (cbar, ebar) and (h, s t), of its outputs (m, n) and (abar, tbar).
typedef Tensors Side[PITCH][2];
enum { REVERSE = 0, FORWARD = 1, SIDE_PITCH = 2 * TENSORS * LANES };

typedef struct {
  LANE_ALIGNED float slope[PITCH][LANES], tangent[PITCH][2][LANES];
  LANE_ALIGNED Tensors cotangent[PITCH]; // c, e1, e2
  LANE_ALIGNED Side below, above;        // of the matrix above this layer its input side; of the matrix below its output side
} Layer;

static struct {
  LANE_ALIGNED float parameter[COUNT], gradient[COUNT], first[COUNT], second[COUNT], begin[COUNT];
  LANE_ALIGNED float forUp[MATRICES][MATRIX], forDown[MATRICES][MATRIX]; // [panel][block of rows][k][row]
  LANE_ALIGNED float state[INPUTS][STATES], target[2][STATES];
  Layer layer[HIDDEN];
  LANE_ALIGNED Tensors partial[WIDTH];
  LANE_ALIGNED float turned[VECTORS][2 * TENSORS * LANES][LANES];
  LANE_ALIGNED float sums[INPUTS + HIDDEN + 1][PITCH][LANES]; // gradients of W1, the biases and W_out, lane by lane
  Adam adam;
  double loss;
} own;

static void prepare(void) {
  uint32_t next = 0;
  for (int l = 0; l < HIDDEN; l++) {
    const int inputs = l == 0 ? INPUTS : WIDTH;
    float *const weights = own.begin + (l == 0 ? W1 : BETWEEN + (l - 1) * MATRIX);
    for (int i = 0; i < inputs; i++)
      for (int j = 0; j < WIDTH; j++) weights[i * PITCH + j] = startWeight(next++, inputs);
    for (int j = 0; j < WIDTH; j++) own.begin[BIAS + l * PITCH + j] = startWeight(next++, inputs);
  }
  for (int j = 0; j <= WIDTH; j++) own.begin[j < WIDTH ? OUT + j : OUT_BIAS] = startWeight(next++, WIDTH);
  for (int k = 0; k < STATES; k++) {
    double s[INPUTS];
    for (int i = 0; i < INPUTS; i++) {
      const double u = uniform(1, INPUTS * k + i);
      s[i] = i < 2 ? 2 * M_PI * u - M_PI : 20 * u - 10;
      own.state[i][k] = (float)s[i];
    }
    const double c = cos(s[0] - s[1]), sine = sin(s[0] - s[1]), a1 = c / 2, a2 = c;
    const double f1 = -s[3] * s[3] * sine / 2 - 9.8 * sin(s[0]), f2 = s[2] * s[2] * sine - 9.8 * sin(s[1]);
    own.target[0][k] = (float)((f1 - a1 * f2) / (1 - a1 * a2));
    own.target[1][k] = (float)((f2 - a2 * f1) / (1 - a1 * a2));
  }
}

static void restart(void) {
  memcpy(own.parameter, own.begin, sizeof own.begin);
  memset(own.first, 0, sizeof own.first);
  memset(own.second, 0, sizeof own.second);
  own.adam = adamStart();
}

static __attribute__((noinline)) void pack(void) {
  for (int m = 0; m < MATRICES; m++) {
    const float *const w = own.parameter + BETWEEN + m * MATRIX;
    float *up = own.forUp[m], *down = own.forDown[m];
    for (int panel = 0; panel < WIDTH; panel += PANEL)
      for (int block = 0; block < WIDTH; block += ROWS)
        for (int k = panel; k < panel + PANEL; k++)
          for (int r = 0; r < ROWS; r++) {
            *up++ = w[k * PITCH + block + r];
            *down++ = w[(block + r) * PITCH + k];
          }
  }
}

INLINE void addTo(float *sum, Lanes value) { store(sum, load(sum) + value); }

// The rows from `block` of a packed matrix times a panel of a side.
INLINE void addPanel(const float *packed, int panel, int block, const Side side, int which, Sums sum) {
  const float *const weights = packed + (panel * WIDTH + block) * PANEL;
  addWeighted(ROWS, TENSORS, PANEL, weights, 1, ROWS, side[panel * PANEL][which][0], SIDE_PITCH, sum);
}

// All panels but the last, into `partial`.
static __attribute__((noinline)) void multiply(const float *packed, const Side side, int which) {
  for (int panel = 0; panel < PANELS - 1; panel++) {
    for (int block = 0; block < WIDTH; block += ROWS) {
      Sums sum;
      if (panel == 0) zero(ROWS, TENSORS, sum);
      else loadSums(ROWS, TENSORS, own.partial[block][0], TENSORS * LANES, sum);
      addPanel(packed, panel, block, side, which, sum);
      storeSums(ROWS, TENSORS, sum, own.partial[block][0], TENSORS * LANES);
    }
  }
}

// The last panel: completes the rows from `block`.
INLINE void complete(const float *packed, int block, const Side side, int which, Sums sum) {
  if (PANELS == 1) zero(ROWS, TENSORS, sum);
  else loadSums(ROWS, TENSORS, own.partial[block][0], TENSORS * LANES, sum);
  addPanel(packed, PANELS - 1, block, side, which, sum);
}

// What the layer hands upward, and at the top what it hands down.
INLINE void activate(Layer *layer, int top, int j, Lanes a, const Lanes t[2]) {
  const Softplus h = softplusLanes(a);
  const Lanes s = h.slope;
  store(layer->slope[j], s);
  if (top) {
    const Lanes m = own.parameter[OUT + j] * s, n = m * (1 - s);
    store(layer->above[j][REVERSE][0], m);
    UNROLL for (int i = 0; i < 2; i++) store(layer->above[j][REVERSE][1 + i], n * t[i]);
  } else {
    store(layer->below[j][FORWARD][0], h.value);
    UNROLL for (int i = 0; i < 2; i++) store(layer->below[j][FORWARD][1 + i], s * t[i]);
  }
}

static __attribute__((noinline)) void enter(const Lanes state[INPUTS]) {
  const float *const p = own.parameter;
  for (int j = 0; j < WIDTH; j++) {
    Lanes a = all(p[BIAS + j]);
    UNROLL for (int i = 0; i < INPUTS; i++) a += p[W1 + i * PITCH + j] * state[i];
    const Lanes t[2] = {all(p[W1 + 2 * PITCH + j]), all(p[W1 + 3 * PITCH + j])};
    activate(&own.layer[0], 0, j, a, t);
    UNROLL for (int i = 0; i < 2; i++) store(own.layer[0].tangent[j][i], t[i]);
  }
}

INLINE void up(int l, int top) {
  Layer *const layer = &own.layer[l];
  multiply(own.forUp[l - 1], own.layer[l - 1].below, FORWARD);
  for (int j = 0; j < WIDTH; j += ROWS) {
    Sums sum;
    complete(own.forUp[l - 1], j, own.layer[l - 1].below, FORWARD, sum);
    UNROLL for (int r = 0; r < ROWS; r++) {
      UNROLL for (int i = 0; i < 2; i++) store(layer->tangent[j + r][i], sum[r][1 + i]);
      activate(layer, top, j + r, sum[r][0] + own.parameter[BIAS + l * PITCH + j + r], &sum[r][1]);
    }
  }
}

static __attribute__((noinline)) void down(int l) {
  Layer *const layer = &own.layer[l];
  multiply(own.forDown[l], own.layer[l + 1].above, REVERSE);
  for (int k = 0; k < WIDTH; k += ROWS) {
    Sums sum;
    complete(own.forDown[l], k, own.layer[l + 1].above, REVERSE, sum);
    UNROLL for (int r = 0; r < ROWS; r++) {
      const Lanes s = load(layer->slope[k + r]), m = sum[r][0] * s, n = m * (1 - s);
      store(layer->cotangent[k + r][0], sum[r][0]);
      store(layer->above[k + r][REVERSE][0], m);
      UNROLL for (int i = 0; i < 2; i++) {
        store(layer->cotangent[k + r][1 + i], sum[r][1 + i]);
        store(layer->above[k + r][REVERSE][1 + i], sum[r][1 + i] * s + n * load(layer->tangent[k + r][i]));
      }
    }
  }
}

// The derivatives of L on a tile: dL/dq, and d/dv_i of (dL/dq, dL/dv).
typedef struct {
  Lanes slope[2], bend[2][INPUTS];
} Derivatives;

static __attribute__((noinline)) Derivatives leave(void) {
  Derivatives d = {0};
  d.bend[0][2] = d.bend[1][3] = all(1); // of |v|² / 2
  for (int j = 0; j < WIDTH; j++) {
    Lanes x[TENSORS];
    UNROLL for (int i = 0; i < TENSORS; i++) x[i] = load(own.layer[0].above[j][REVERSE][i]);
    UNROLL for (int a = 0; a < INPUTS; a++) {
      const Lanes w = all(own.parameter[W1 + a * PITCH + j]);
      if (a < 2) d.slope[a] += w * x[0];
      UNROLL for (int i = 0; i < 2; i++) d.bend[i][a] += w * x[1 + i];
    }
  }
  return d;
}

// The cotangents of the derivatives: of slope[i] it is r[i], of bend[i][a] it is -r[i] with[a], with = (v, q'').
typedef struct {
  Lanes r[2], with[INPUTS];
} Cotangents;

INLINE Cotangents compare(const Derivatives *d, const Lanes state[INPUTS], int from, double *loss) {
  const Lanes *const v = state + 2;
  const Lanes h00 = d->bend[0][2], h01 = d->bend[0][3], h10 = d->bend[1][2], h11 = d->bend[1][3];
  Lanes f[2], sign[2], total = all(0);
  UNROLL for (int i = 0; i < 2; i++) f[i] = d->slope[i] - d->bend[i][0] * v[0] - d->bend[i][1] * v[1];
  const Lanes inverse = 1 / (h00 * h11 - h01 * h10);
  const Lanes p[2] = {(f[0] * h11 - f[1] * h01) * inverse, (h00 * f[1] - h10 * f[0]) * inverse};
  UNROLL for (int i = 0; i < 2; i++) {
    const Lanes error = p[i] - load(own.target[i] + from);
    total += larger(error, -error);
    UNROLL for (int n = 0; n < LANES; n++) sign[i][n] = error[n] < 0 ? -1.0f / STATES : 1.0f / STATES;
  }
  *loss += sumOfLanes(total);
  return (Cotangents){{(h11 * sign[0] - h10 * sign[1]) * inverse, (h00 * sign[1] - h01 * sign[0]) * inverse}, {v[0], v[1], p[0], p[1]}};
}

// The second way up at one unit: what goes on upward, and the part of abar and tbar that is known by now.
INLINE void upAgain(Layer *layer, int top, int j, const Lanes bar[TENSORS]) {
  const Lanes s = load(layer->slope[j]), p = s * (1 - s);
  const Lanes c = top ? all(own.parameter[OUT + j]) : load(layer->cotangent[j][0]);
  Lanes along = all(0), ofSlope = bar[0] * c;
  UNROLL for (int i = 0; i < 2; i++) {
    along += bar[1 + i] * load(layer->tangent[j][i]);
    if (!top) ofSlope += bar[1 + i] * load(layer->cotangent[j][1 + i]);
    store(layer->above[j][FORWARD][1 + i], bar[1 + i] * c * p);
    if (!top) store(layer->below[j][REVERSE][1 + i], bar[1 + i] * s);
  }
  const Lanes a = (ofSlope + along * c * (1 - 2 * s)) * p, cBar = bar[0] * s + along * p;
  store(layer->above[j][FORWARD][0], a);
  if (top) {
    addTo(own.sums[INPUTS + TOP][j], a);
    addTo(own.sums[INPUTS + HIDDEN][j], cBar);
  } else {
    store(layer->below[j][REVERSE][0], cBar);
  }
}

static __attribute__((noinline)) void enterAgain(const Cotangents *y) {
  for (int j = 0; j < WIDTH; j++) {
    Lanes w[INPUTS];
    UNROLL for (int a = 0; a < INPUTS; a++) w[a] = all(own.parameter[W1 + a * PITCH + j]);
    const Lanes along = w[0] * y->with[0] + w[1] * y->with[1] + w[2] * y->with[2] + w[3] * y->with[3];
    const Lanes bar[TENSORS] = {w[0] * y->r[0] + w[1] * y->r[1], -y->r[0] * along, -y->r[1] * along};
    upAgain(&own.layer[0], 0, j, bar);
  }
}

INLINE void throughAgain(int l, int top) {
  multiply(own.forUp[l - 1], own.layer[l - 1].below, REVERSE);
  for (int j = 0; j < WIDTH; j += ROWS) {
    Sums sum;
    complete(own.forUp[l - 1], j, own.layer[l - 1].below, REVERSE, sum);
    UNROLL for (int r = 0; r < ROWS; r++) upAgain(&own.layer[l], top, j + r, sum[r]);
  }
}

// The second way down: completes abar and tbar.
static __attribute__((noinline)) void downAgain(int l) {
  Layer *const layer = &own.layer[l];
  multiply(own.forDown[l], own.layer[l + 1].above, FORWARD);
  for (int k = 0; k < WIDTH; k += ROWS) {
    Sums sum;
    complete(own.forDown[l], k, own.layer[l + 1].above, FORWARD, sum);
    UNROLL for (int r = 0; r < ROWS; r++) {
      const Lanes s = load(layer->slope[k + r]), p = s * (1 - s);
      Lanes along = all(0);
      UNROLL for (int i = 0; i < 2; i++) {
        along += sum[r][1 + i] * load(layer->tangent[k + r][i]);
        addTo(layer->above[k + r][FORWARD][1 + i], sum[r][1 + i] * s);
      }
      const Lanes a = load(layer->above[k + r][FORWARD][0]) + sum[r][0] * s + along * p;
      store(layer->above[k + r][FORWARD][0], a);
      addTo(own.sums[INPUTS + l][k + r], a);
    }
  }
}

// The gradient of W1 of a tile.
static __attribute__((noinline)) void leaveAgain(const Lanes state[INPUTS], const Cotangents *y) {
  for (int j = 0; j < WIDTH; j++) {
    const Tensors *const x = own.layer[0].above[j];
    const Lanes a = load(x[FORWARD][0]), m = load(x[REVERSE][0]);
    const Lanes n = -y->r[0] * load(x[REVERSE][1]) - y->r[1] * load(x[REVERSE][2]);
    UNROLL for (int i = 0; i < INPUTS; i++)
      addTo(own.sums[i][j], a * state[i] + n * y->with[i] + (i < 2 ? y->r[i] * m : load(x[FORWARD][i - 1])));
  }
}

INLINE void addColumns(int columns, int l, int column) {
  float *const gradient = own.gradient + BETWEEN + (l - 1) * MATRIX + column * LANES;
  for (int k = 0; k < WIDTH; k += ROWS)
    addOuter(ROWS, columns, SIDE_PITCH, own.layer[l - 1].below[k][0][0], SIDE_PITCH, own.turned[column][0], LANES, SIDE_PITCH * LANES,
             gradient + k * PITCH, PITCH);
}

static __attribute__((noinline)) void addMatrix(int l) {
  for (int column = 0; column < VECTORS; column++)
    for (int part = 0; part < 2 * TENSORS; part++) {
      Lanes m[LANES];
      UNROLL for (int j = 0; j < LANES; j++) m[j] = load(own.layer[l].above[column * LANES + j][0][part]);
      transposeLanes(m);
      UNROLL for (int n = 0; n < LANES; n++) store(own.turned[column][part * LANES + n], m[n]);
    }
  for (int column = 0; column < VECTORS - VECTORS % COLUMNS; column += COLUMNS) addColumns(COLUMNS, l, column);
  if (VECTORS % COLUMNS > 0) addColumns(VECTORS % COLUMNS, l, VECTORS - VECTORS % COLUMNS);
}

static __attribute__((noinline)) void upMiddle(int l) { up(l, 0); }
static __attribute__((noinline)) void upTop(void) { up(TOP, 1); }
static __attribute__((noinline)) void throughMiddle(int l) { throughAgain(l, 0); }
static __attribute__((noinline)) void throughTop(void) { throughAgain(TOP, 1); }

static void tile(int from) {
  Lanes state[INPUTS];
  for (int i = 0; i < INPUTS; i++) state[i] = load(own.state[i] + from);
  enter(state);
  for (int l = 1; l < TOP; l++) upMiddle(l);
  upTop();
  for (int l = TOP - 1; l >= 0; l--) down(l);
  const Derivatives derivatives = leave();
  const Cotangents cotangents = compare(&derivatives, state, from, &own.loss);
  enterAgain(&cotangents);
  for (int l = 1; l < TOP; l++) throughMiddle(l);
  throughTop();
  for (int l = TOP; l >= 1; l--) {
    addMatrix(l);
    downAgain(l - 1);
  }
  leaveAgain(state, &cotangents);
}

static void step(void) {
  own.loss = 0;
  memset(own.gradient, 0, sizeof own.gradient);
  memset(own.sums, 0, sizeof own.sums);
  pack();
  for (int from = 0; from < STATES; from += LANES) tile(from);
  own.loss /= STATES;
  // W1, the biases and W_out lie in the order of their sums.
  for (int i = 0; i < (INPUTS + HIDDEN + 1) * PITCH; i++) own.gradient[i] = sumOfLanes(load(own.sums[0][0] + i * LANES));
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
  // 18 products for each matrix between hidden layers, and about 150 operations at each unit.
  const double flops = STATES * (18 * 2.0 * MATRICES * WIDTH * WIDTH + 150.0 * HIDDEN * WIDTH);
  const Baseline baseline = {restart, step, loss, norm, sizeof own, flops, ROUND_STEPS, 1};
  return serve(&baseline, argc, argv);
}
