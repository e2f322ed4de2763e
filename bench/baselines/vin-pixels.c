// vin-pixels by hand: encoder, LSTM, Störmer–Verlet, decoder; one step of training on 200 windows of 10 frames, float32.
//
// In: nothing (data and start parameters from the random streams of the workload). Out: see harness.h.
// Form: the products of 2000 frames with weights of up to 1000 x 1000 bind the step (42 of 43 GFLOP). Every matrix lies in
// the panels of `panels.h` all the time: weights, gradients, moments, activations; weights are transposed once a step.
// Sample f * 200 + w is frame f of window w. LSTM and Störmer–Verlet: lanes are windows, the eight windows too many weigh
// nothing; tanh of the potential is taken again in the backward pass.
#include "harness.h"
#include "panels.h"

enum { WINDOWS = 200, FRAMES = 10, SAMPLES = WINDOWS * FRAMES, PIXELS = 784, UNITS = 1000, MEMORY = 50, GATES = 4 * MEMORY };
enum { SAMPLES_PADDED = SAMPLES + LANES, UNITS_PADDED = 1008, LANE_WINDOWS = 208, GATES_PADDED = 208, MEMORY_PADDED = 56 };
enum { UNIT_PANELS = 21, PIXEL_PANELS = 17, GATE_PANELS = 5, WINDOW_VECTORS = LANE_WINDOWS / LANES };

// One layout for parameters, gradient and moments; what pads a panel is always zero.
enum {
  E1 = 0,                                     // encoder: pixels to units
  E1B = E1 + UNIT_PANELS * PIXELS * PANEL,    //
  E2 = E1B + UNITS_PADDED,                    //
  E2B = E2 + UNIT_PANELS * UNITS_PADDED * PANEL, //
  WI = E2B + UNITS_PADDED,                    // LSTM: units to gates
  BI = WI + GATE_PANELS * UNITS_PADDED * PANEL, //
  WH = BI + GATE_PANELS * PANEL,              // [memory][gate], 56 rows of 208
  BH = WH + MEMORY_PADDED * GATES_PADDED,     //
  HW = BH + GATE_PANELS * PANEL,              // head: [memory][8]
  HB = HW + MEMORY_PADDED * 8,                //
  U1 = HB + LANES,                            // potential
  U1B = U1 + 2 * UNITS_PADDED,                //
  U2 = U1B + UNITS_PADDED,                    //
  D1 = U2 + UNITS_PADDED,                     // decoder
  D1B = D1 + 2 * UNITS_PADDED,                //
  D2 = D1B + UNITS_PADDED,                    //
  D2B = D2 + UNIT_PANELS * UNITS_PADDED * PANEL, //
  D3 = D2B + UNITS_PADDED,                    //
  D3B = D3 + PIXEL_PANELS * UNITS_PADDED * PANEL, //
  COUNT = D3B + PIXEL_PANELS * PANEL
};

typedef float Units[UNIT_PANELS * SAMPLES_PADDED * PANEL];
typedef float Pixels[PIXEL_PANELS * SAMPLES_PADDED * PANEL];
typedef float Row[LANE_WINDOWS]; // one number of every window

static struct {
  LANE_ALIGNED float parameter[COUNT], gradient[COUNT], first[COUNT], second[COUNT], begin[COUNT];
  LANE_ALIGNED Pixels image, logit;
  LANE_ALIGNED Units e1, e2, d1, d2, upper, lower; // activations; cotangents of a second and of a first layer
  LANE_ALIGNED float gate[GATE_PANELS * SAMPLES_PADDED * PANEL];
  LANE_ALIGNED float turned[UNIT_PANELS * UNITS_PADDED * PANEL];
  LANE_ALIGNED Row gates[FRAMES][GATES_PADDED], state[FRAMES + 1][MEMORY_PADDED], hidden[FRAMES + 1][MEMORY_PADDED];
  LANE_ALIGNED Row slope[GATES_PADDED], slopeHidden[MEMORY_PADDED], slopeState[MEMORY];
  LANE_ALIGNED Row noise[4], mean[4], deviation[4], raw[4], weight, q[FRAMES][2], slopeQ[FRAMES][2];
  Adam adam;
  double loss;
} own;

static void takePanels(uint32_t *next, int at, int inputs, int outputs, int pitch) {
  for (int i = 0; i < inputs; i++)
    for (int j = 0; j < outputs; j++) own.begin[at + (j / PANEL * pitch + i) * PANEL + j % PANEL] = startWeight((*next)++, inputs);
}
static void takeRows(uint32_t *next, int at, int inputs, int rows, int outputs, int pitch) {
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < outputs; j++) own.begin[at + i * pitch + j] = startWeight((*next)++, inputs);
}

static void prepare(void) {
  uint32_t next = 0;
  takePanels(&next, E1, PIXELS, UNITS, PIXELS);
  takeRows(&next, E1B, PIXELS, 1, UNITS, 0);
  takePanels(&next, E2, UNITS, UNITS, UNITS_PADDED);
  takeRows(&next, E2B, UNITS, 1, UNITS, 0);
  takePanels(&next, WI, UNITS, GATES, UNITS_PADDED);
  takeRows(&next, BI, UNITS, 1, GATES, 0);
  takeRows(&next, WH, MEMORY, MEMORY, GATES, GATES_PADDED);
  takeRows(&next, BH, MEMORY, 1, GATES, 0);
  takeRows(&next, HW, MEMORY, MEMORY, 8, 8);
  takeRows(&next, HB, MEMORY, 1, 8, 0);
  takeRows(&next, U1, 2, 2, UNITS, UNITS_PADDED);
  takeRows(&next, U1B, 2, 1, UNITS, 0);
  takeRows(&next, U2, UNITS, 1, UNITS, 0);
  takeRows(&next, D1, 2, 2, UNITS, UNITS_PADDED);
  takeRows(&next, D1B, 2, 1, UNITS, 0);
  takePanels(&next, D2, UNITS, UNITS, UNITS_PADDED);
  takeRows(&next, D2B, UNITS, 1, UNITS, 0);
  takePanels(&next, D3, UNITS, PIXELS, UNITS_PADDED);
  takeRows(&next, D3B, UNITS, 1, PIXELS, 0);
  for (int w = 0; w < WINDOWS; w++) {
    own.weight[w] = 1.0f / WINDOWS;
    for (int c = 0; c < 4; c++) own.noise[c][w] = (float)normal(2, 4 * w + c);
    for (int f = 0; f < FRAMES; f++)
      for (int j = 0; j < PIXELS; j++)
        own.image[(j / PANEL * SAMPLES_PADDED + f * WINDOWS + w) * PANEL + j % PANEL] = uniform(1, (w * FRAMES + f) * PIXELS + j) < 0.25;
  }
}

static void restart(void) {
  memcpy(own.parameter, own.begin, sizeof own.begin);
  memset(own.first, 0, sizeof own.first);
  memset(own.second, 0, sizeof own.second);
  own.adam = adamStart();
}

// own.turned = the transposed weights of a layer of UNITS inputs.
static void turnWeights(const float *weights, int outputs) {
  for (int j = 0; j < outputs; j += LANES) {
    for (int i = 0; i < UNITS_PADDED; i += LANES) {
      const float *const from = weights + (j / PANEL * UNITS_PADDED + i) * PANEL + j % PANEL;
      turn(from, PANEL, own.turned + (i / PANEL * UNITS_PADDED + j) * PANEL + i % PANEL, PANEL);
    }
  }
}

INLINE Lanes sigmoidLanes(Lanes x) { return 0.5f + 0.5f * tanhLanes(0.5f * x); }

// ln(1 + t) on [0, 1]: degree 8 for ln(1 + t) / t, minimax in the absolute error (2.5e-8 before rounding).
INLINE Lanes log1pLanes(Lanes t) {
  Lanes p = all(5.383989463080736e-3f) * t - 3.0110677791074562e-2f;
  p = p * t + 7.92103082783113e-2f;
  p = p * t - 0.13746583591981018f;
  p = p * t + 0.19145098608770714f;
  p = p * t - 0.2485294131052772f;
  p = p * t + 0.33320343008346387f;
  p = p * t - 0.49999552563456506f;
  return t * (p * t + 0.9999999745302974f);
}

// gates of one frame = sums over the units below and the hidden numbers of the frame after; then the cell.
static void stepCell(int f) {
  const float *const p = own.parameter;
  for (int j = 0; j < GATES_PADDED; j += LANES)
    for (int w = 0; w < LANE_WINDOWS; w += LANES)
      turn(own.gate + ((size_t)j / PANEL * SAMPLES_PADDED + f * WINDOWS + w) * PANEL + j % PANEL, PANEL, own.gates[f][j] + w, LANE_WINDOWS);
  for (int j = 0; j < GATES; j += ROWS) {
    for (int w = 0; w < LANE_WINDOWS; w += PANEL) {
      Sums sum;
      float *const out = own.gates[f][j] + w;
      const float *const weights = p + WH + j, *const in = own.hidden[f + 1][0] + w;
      if (LANE_WINDOWS - w >= PANEL) {
        loadSums(3, out, LANE_WINDOWS, sum);
        addProduct(3, MEMORY, weights, 1, GATES_PADDED, in, LANE_WINDOWS, sum);
        storeSums(3, out, LANE_WINDOWS, sum);
      } else {
        loadSums(1, out, LANE_WINDOWS, sum);
        addProduct(1, MEMORY, weights, 1, GATES_PADDED, in, LANE_WINDOWS, sum);
        storeSums(1, out, LANE_WINDOWS, sum);
      }
    }
  }
  for (int k = 0; k < MEMORY; k++) {
    for (int w = 0; w < LANE_WINDOWS; w += LANES) {
      float *at[4];
      Lanes a[4];
      UNROLL for (int g = 0; g < 4; g++) {
        at[g] = own.gates[f][g * MEMORY + k] + w;
        a[g] = load(at[g]) + p[BH + g * MEMORY + k];
        a[g] = g == 2 ? tanhLanes(a[g]) : sigmoidLanes(a[g]);
        store(at[g], a[g]);
      }
      const Lanes next = a[1] * load(own.state[f + 1][k] + w) + a[0] * a[2];
      store(own.state[f][k] + w, next);
      store(own.hidden[f][k] + w, a[3] * tanhLanes(next));
    }
  }
}

// Cotangents of the gates of one frame to own.gate, and of what came from the frame after to slopeHidden, slopeState.
static void stepCellBack(int f) {
  const float *const p = own.parameter;
  float *const g = own.gradient;
  for (int k = 0; k < MEMORY; k++) {
    Lanes total[4] = {{0}, {0}, {0}, {0}};
    for (int w = 0; w < LANE_WINDOWS; w += LANES) {
      Lanes a[4], d[4];
      UNROLL for (int j = 0; j < 4; j++) a[j] = load(own.gates[f][j * MEMORY + k] + w);
      const Lanes t = tanhLanes(load(own.state[f][k] + w)), up = load(own.slopeHidden[k] + w);
      const Lanes c = load(own.slopeState[k] + w) + up * a[3] * (1 - t * t);
      d[0] = c * a[2] * a[0] * (1 - a[0]);
      d[1] = c * load(own.state[f + 1][k] + w) * a[1] * (1 - a[1]);
      d[2] = c * a[0] * (1 - a[2] * a[2]);
      d[3] = up * t * a[3] * (1 - a[3]);
      UNROLL for (int j = 0; j < 4; j++) {
        store(own.slope[j * MEMORY + k] + w, d[j]);
        total[j] += d[j];
      }
      store(own.slopeState[k] + w, c * a[1]);
    }
    UNROLL for (int j = 0; j < 4; j++) g[BI + j * MEMORY + k] += sumOfLanes(total[j]);
  }
  for (int j = 0; j < GATES_PADDED; j += LANES) // the windows too many are overwritten by the next frame
    for (int w = 0; w < LANE_WINDOWS; w += LANES)
      turn(own.slope[j] + w, LANE_WINDOWS, own.gate + ((size_t)j / PANEL * SAMPLES_PADDED + f * WINDOWS + w) * PANEL + j % PANEL, PANEL);
  if (f == FRAMES - 1) return;
  for (int i = 0; i < MEMORY_PADDED; i += ROWS) {
    for (int w = 0; w < LANE_WINDOWS; w += LANES) {
      Sums sum;
      clearSums(1, sum);
      addProduct(1, GATES, p + WH + i * GATES_PADDED, GATES_PADDED, 1, own.slope[0] + w, LANE_WINDOWS, sum);
      storeSums(1, own.slopeHidden[i] + w, LANE_WINDOWS, sum);
    }
    for (int j = 0; j < GATES_PADDED; j += LANES) {
      Sums sum;
      float *const sums = g + WH + i * GATES_PADDED + j;
      loadSums(1, sums, GATES_PADDED, sum);
      const float *const right = own.gate + ((size_t)j / PANEL * SAMPLES_PADDED + f * WINDOWS) * PANEL + j % PANEL;
      addProduct(1, WINDOWS, own.hidden[f + 1][i], LANE_WINDOWS, 1, right, PANEL, sum);
      storeSums(1, sums, GATES_PADDED, sum);
    }
  }
}

// Head, start positions and their divergence; the loss of the divergence.
static double startPositions(void) {
  const float *const p = own.parameter;
  double total = 0;
  for (int c = 0; c < 4; c++) {
    for (int w = 0; w < LANE_WINDOWS; w += LANES) {
      Lanes mean = all(p[HB + c]), raw = all(p[HB + 4 + c]);
      for (int k = 0; k < MEMORY; k++) {
        const Lanes h = load(own.hidden[0][k] + w);
        mean += p[HW + k * 8 + c] * h;
        raw += p[HW + k * 8 + 4 + c] * h;
      }
      store(own.mean[c] + w, mean);
      store(own.raw[c] + w, raw);
    }
    for (int w = 0; w < WINDOWS; w++) {
      const float mean = own.mean[c][w], deviation = fmaxf(own.raw[c][w], 0) + log1pf(expf(-fabsf(own.raw[c][w])));
      own.deviation[c][w] = deviation;
      own.q[c / 2][c % 2][w] = mean + deviation * own.noise[c][w];
      total += own.weight[w] * ((mean * mean + deviation * deviation - 1) / 2 - logf(deviation));
    }
  }
  return total;
}

// Back from the start positions to slopeHidden of frame 0.
static void startPositionsBack(void) {
  const float *const p = own.parameter;
  float *const g = own.gradient;
  memset(own.slopeHidden, 0, sizeof own.slopeHidden);
  memset(own.slopeState, 0, sizeof own.slopeState);
  for (int c = 0; c < 4; c++) {
    LANE_ALIGNED Row mean = {0}, raw = {0};
    for (int w = 0; w < WINDOWS; w++) {
      const float q = own.slopeQ[c / 2][c % 2][w], deviation = own.deviation[c][w];
      mean[w] = q + own.weight[w] * own.mean[c][w];
      raw[w] = (q * own.noise[c][w] + own.weight[w] * (deviation - 1 / deviation)) / (1 + expf(-own.raw[c][w]));
      g[HB + c] += mean[w];
      g[HB + 4 + c] += raw[w];
    }
    for (int k = 0; k < MEMORY; k++) {
      Lanes sumMean = {0}, sumRaw = {0};
      for (int w = 0; w < LANE_WINDOWS; w += LANES) {
        const Lanes h = load(own.hidden[0][k] + w), m = load(mean + w), r = load(raw + w);
        sumMean += h * m;
        sumRaw += h * r;
        store(own.slopeHidden[k] + w, load(own.slopeHidden[k] + w) + p[HW + k * 8 + c] * m + p[HW + k * 8 + 4 + c] * r);
      }
      g[HW + k * 8 + c] += sumOfLanes(sumMean);
      g[HW + k * 8 + 4 + c] += sumOfLanes(sumRaw);
    }
  }
}

// q+ = 2 q - q- - grad U(q), sixteen windows at a time.
static void verlet(void) {
  const float *const p = own.parameter;
  for (int w = 0; w < LANE_WINDOWS; w += LANES) {
    for (int k = 1; k + 1 < FRAMES; k++) {
      const Lanes q0 = load(own.q[k][0] + w), q1 = load(own.q[k][1] + w);
      Lanes next0 = 2 * q0 - load(own.q[k - 1][0] + w), next1 = 2 * q1 - load(own.q[k - 1][1] + w);
      for (int u = 0; u < UNITS; u++) {
        const float w0 = p[U1 + u], w1 = p[U1 + UNITS_PADDED + u];
        const Lanes t = tanhLanes(w0 * q0 + w1 * q1 + p[U1B + u]), s = p[U2 + u] * (1 - t * t);
        next0 -= w0 * s;
        next1 -= w1 * s;
      }
      store(own.q[k + 1][0] + w, next0);
      store(own.q[k + 1][1] + w, next1);
    }
  }
}

// Backward: with m = W1ᵀ λ for the cotangent λ of q+, the energy - sum W2 (1 - t²) m gives every gradient.
static void verletBack(void) {
  const float *const p = own.parameter;
  float *const g = own.gradient;
  for (int k = FRAMES - 2; k > 0; k--) {
    for (int u = 0; u < UNITS; u++) {
      const float w0 = p[U1 + u], w1 = p[U1 + UNITS_PADDED + u], w2 = p[U2 + u];
      Lanes sum0 = {0}, sum1 = {0}, sumB = {0}, sum2 = {0};
      for (int w = 0; w < LANE_WINDOWS; w += LANES) {
        const Lanes q0 = load(own.q[k][0] + w), q1 = load(own.q[k][1] + w);
        const Lanes l0 = load(own.slopeQ[k + 1][0] + w), l1 = load(own.slopeQ[k + 1][1] + w);
        const Lanes t = tanhLanes(w0 * q0 + w1 * q1 + p[U1B + u]), s = 1 - t * t, m = w0 * l0 + w1 * l1, d = 2 * w2 * m * t * s;
        sum0 += d * q0 - w2 * s * l0;
        sum1 += d * q1 - w2 * s * l1;
        sumB += d;
        sum2 -= s * m;
        store(own.slopeQ[k][0] + w, load(own.slopeQ[k][0] + w) + w0 * d);
        store(own.slopeQ[k][1] + w, load(own.slopeQ[k][1] + w) + w1 * d);
      }
      const LanePair first = sumsOfLanes(sum0, sum1), second = sumsOfLanes(sumB, sum2);
      g[U1 + u] += first.a;
      g[U1 + UNITS_PADDED + u] += first.b;
      g[U1B + u] += second.a;
      g[U2 + u] += second.b;
    }
    for (int c = 0; c < 2; c++) {
      for (int w = 0; w < LANE_WINDOWS; w++) {
        own.slopeQ[k][c][w] += 2 * own.slopeQ[k + 1][c][w];
        own.slopeQ[k - 1][c][w] -= own.slopeQ[k + 1][c][w];
      }
    }
  }
}

// First layer of the decoder: 2 inputs, no product.
static void decodeFirst(void) {
  const float *const p = own.parameter;
  for (int column = 0; column < UNITS_PADDED; column += LANES) {
    const Lanes w0 = load(p + D1 + column), w1 = load(p + D1 + UNITS_PADDED + column), bias = load(p + D1B + column);
    float *out = own.d1 + (size_t)column / PANEL * SAMPLES_PADDED * PANEL + column % PANEL;
    for (int f = 0; f < FRAMES; f++)
      for (int w = 0; w < WINDOWS; w++, out += PANEL)
        store(out, larger(own.q[f][0][w] * w0 + own.q[f][1][w] * w1 + bias, all(0)));
  }
}
static void decodeFirstBack(void) {
  const float *const p = own.parameter;
  float *const g = own.gradient;
  memset(own.slopeQ, 0, sizeof own.slopeQ);
  for (int column = 0; column < UNITS_PADDED; column += LANES) {
    const Lanes w0 = load(p + D1 + column), w1 = load(p + D1 + UNITS_PADDED + column);
    Lanes sum0 = {0}, sum1 = {0};
    const float *in = own.lower + (size_t)column / PANEL * SAMPLES_PADDED * PANEL + column % PANEL;
    for (int f = 0; f < FRAMES; f++) {
      for (int w = 0; w < WINDOWS; w++, in += PANEL) {
        const Lanes d = load(in);
        const LanePair sums = sumsOfLanes(w0 * d, w1 * d);
        sum0 += own.q[f][0][w] * d;
        sum1 += own.q[f][1][w] * d;
        own.slopeQ[f][0][w] += sums.a;
        own.slopeQ[f][1][w] += sums.b;
      }
    }
    store(g + D1 + column, sum0);
    store(g + D1 + UNITS_PADDED + column, sum1);
  }
}

// Sum of softplus(x) - y x over all pixels; logits become their cotangents. With t = tanh(|x| / 2): 1/(1 + e^-|x|) =
// (1 + t) / 2, whose -ln is softplus(-|x|).
static double bernoulli(void) {
  double total = 0;
  for (int column = 0; column < PIXELS; column += LANES) {
    Lanes slope = {0};
    for (int f = 0; f < FRAMES; f++) {
      Lanes sum = {0};
      for (int w = 0; w < WINDOWS; w++) {
        const size_t at = ((size_t)column / PANEL * SAMPLES_PADDED + f * WINDOWS + w) * PANEL + column % PANEL;
        const Lanes x = load(own.logit + at), y = load(own.image + at), t = tanhLanes(0.5f * x);
        sum += larger(x, all(0)) - y * x + (0.69314718f - log1pLanes(larger(t, -t)));
        const Lanes d = (0.5f + 0.5f * t - y) * (1.0f / WINDOWS);
        store(own.logit + at, d);
        slope += d;
      }
      total += sumOfLanes(sum);
    }
    store(own.gradient + D3B + column, slope);
  }
  return total / WINDOWS;
}

// out = in weights + bias, with ReLU or not; a layer of `inputs` has panels of `depth` rows.
static void layer(const float *in, int weights, int inputs, int depth, int outputs, int bias, int relu, float *out) {
  const float *const p = own.parameter;
  multiply(&(Product){SAMPLES, SAMPLES_PADDED, in, inputs, p + weights, depth, outputs, out, p + bias, relu, 0, 0});
}
// From the cotangent of a layer's result: gradient of the weights, then cotangent of its input, a ReLU's result.
static void weightsBack(const float *in, int weights, int inputs, int depth, int outputs, const float *cotangent) {
  addOuterProduct(&(Outer){SAMPLES, SAMPLES_PADDED, in, inputs, cotangent, outputs, own.gradient + weights, depth});
}
static void layerBack(const float *in, int weights, int outputs, int bias, const float *cotangent, float *out) {
  weightsBack(in, weights, UNITS, UNITS_PADDED, outputs, cotangent);
  turnWeights(own.parameter + weights, outputs);
  multiply(&(Product){SAMPLES, SAMPLES_PADDED, cotangent, outputs, own.turned, UNITS_PADDED, UNITS, out, 0, 0, in, own.gradient + bias});
}

static void forward(void) {
  layer(own.image, E1, PIXELS, PIXELS, UNITS, E1B, 1, own.e1);
  layer(own.e1, E2, UNITS, UNITS_PADDED, UNITS, E2B, 1, own.e2);
  layer(own.e2, WI, UNITS, UNITS_PADDED, GATES, BI, 0, own.gate);
  for (int f = FRAMES - 1; f >= 0; f--) stepCell(f);
  own.loss = startPositions();
  verlet();
  decodeFirst();
  layer(own.d1, D2, UNITS, UNITS_PADDED, UNITS, D2B, 1, own.d2);
  layer(own.d2, D3, UNITS, UNITS_PADDED, PIXELS, D3B, 0, own.logit);
  own.loss += bernoulli();
}

static void backward(void) {
  layerBack(own.d2, D3, PIXELS, D2B, own.logit, own.upper);
  layerBack(own.d1, D2, UNITS, D1B, own.upper, own.lower);
  decodeFirstBack();
  verletBack();
  startPositionsBack();
  for (int f = 0; f < FRAMES; f++) stepCellBack(f);
  memcpy(own.gradient + BH, own.gradient + BI, GATES * sizeof(float));
  layerBack(own.e2, WI, GATES, E2B, own.gate, own.upper);
  layerBack(own.e1, E2, UNITS, E1B, own.upper, own.lower);
  weightsBack(own.image, E1, PIXELS, PIXELS, UNITS, own.lower);
}

static void step(void) {
  memset(own.gradient, 0, sizeof own.gradient);
  forward();
  backward();
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
  // Products: each layer forward and its weights' gradient, all but the first layer's input; the LSTM's own weights.
  const double weights = 2.0 * PIXELS * UNITS + 2.0 * UNITS * UNITS + UNITS * GATES;
  const double products = SAMPLES * (2 * (3 * weights - PIXELS * UNITS) + 3 * 2.0 * MEMORY * GATES);
  // Elementwise, 20 for each tanh with what surrounds it: pixels with a logarithm, the potential there and back, the cell.
  const double others = SAMPLES * (50.0 * PIXELS + 24.0 * UNITS + 200.0 * MEMORY) + (FRAMES - 2) * WINDOWS * 80.0 * UNITS;
  const Baseline baseline = {restart, step, loss, norm, sizeof own, products + others, 3, 1};
  return serve(&baseline, argc, argv);
}
