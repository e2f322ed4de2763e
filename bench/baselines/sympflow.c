// sympflow by hand: three layers of shears by networks 2 → 10 → 10 → 1, one step of training on 700 samples, float32.
//
// In: nothing (data and start parameters from the random streams of the workload). Out: see harness.h.
// Form: lanes are samples, 16 at a time through loss and gradient; everything lies [channel][unit][sample], a channel
// being one value of every unit. A shear of the flow needs V'(x, t) - V'(x, 0) and its derivative while x moves with v and
// t with 1. Both places share W2, so that seven channels go through one product (a: before the first tanh y, with
// y' = 1 - y² and y'' = -2 y y'; w, u: rows of W1 for x and t; c = w v + u = da/dt):
//   y, w y', c y', w c y'' at (x, t)    and    y, w y', w² y'' at (x, 0)
//   V' = sum W3 z' B,  dV'/dt = sum W3 (z' D + z'' B C)  with A to D their images and z = tanh(A + b2).
// The Hamiltonian takes slopes by one reverse pass instead, since dV/dx and dV/dt then cost the same: two channels forward
// and two back. Backward the cotangents of all channels take the same ways, and dW2 gathers every channel in one sweep of
// 5 x 5 sums held in registers. Sums over samples stay one vector each (58 kB) until the end of the step.
// What binds: the two multiply-add pipes. Of 64 thousand operations a sample six tenths are the products and most others
// the 480 tanh; issued without a gap their instructions would take about 0.8 of the time. It reaches 0.72 of the peak; the
// rest is the wait for a layer's last sums, as everything in a layer needs the whole of the one before.
// 700 samples = 44 vectors; the four too many weigh nothing.
#include "harness.h"

enum { UNITS = 10, NETS = 6, SAMPLES = 700, PADDED = 704 };

// One layout of a network for parameters, gradient and moments; W2 is [in][out].
enum { WX = 0, WT = WX + UNITS, B1 = WT + UNITS, W2 = B1 + UNITS, B2 = W2 + UNITS * UNITS, W3 = B2 + UNITS, B3 = W3 + UNITS, NET = 160 };
enum { H0 = NETS * NET, COUNT = H0 + LANES };

typedef float Channel[UNITS][LANES];

// What the backward pass needs of one shear of the flow: four channels at (x, t), three at (x, 0); z in place of A.
typedef struct {
  LANE_ALIGNED Channel in[7], out[7];
  Lanes x, v, bend; // bend: V'' at (x, 0)
} FlowTape;

// The same of one shear of the Hamiltonian, at (x, t) and at (x, 0): both layers after tanh, and W2 (W3 z').
typedef struct {
  LANE_ALIGNED Channel first[2], second[2], pulled[2];
  Lanes x;
} EnergyTape;

static struct {
  LANE_ALIGNED float parameter[COUNT], gradient[COUNT], first[COUNT], second[COUNT], begin[COUNT];
  LANE_ALIGNED float sample[3][PADDED], weight[PADDED];
  LANE_ALIGNED float sums[NETS][B3][LANES], sumH0[LANES];
  FlowTape flow[NETS];
  EnergyTape energy[NETS];
  LANE_ALIGNED Channel left[4], right[7], back[7];
  Adam adam;
  double loss, norm;
} own;

static void prepare(void) {
  uint32_t next = 0;
  for (int net = 0; net < NETS; net++)
    for (int i = 0; i <= B3; i++) own.begin[net * NET + i] = startWeight(next++, i < W2 ? 2 : UNITS);
  for (int k = 0; k < PADDED; k++) {
    const int i = k < SAMPLES ? k : 0;
    for (int c = 0; c < 3; c++) own.sample[c][k] = (float)(c < 2 ? 2.4 * uniform(1, 3 * i + c) - 1.2 : 1.1 * uniform(1, 3 * i + c) - 0.1);
    own.weight[k] = k < SAMPLES ? 1.0f / SAMPLES : 0;
  }
}

static void restart(void) {
  memcpy(own.parameter, own.begin, sizeof own.begin);
  memset(own.first, 0, sizeof own.first);
  memset(own.second, 0, sizeof own.second);
  own.adam = adamStart();
}

// out[c][r] = sum_k weights[r * row + k * column] in[c][k]: `rows` outputs of all channels in registers at a time.
INLINE void product(int channels, int rows, const float *weights, int row, int column, const Channel *in, Channel *out) {
  for (int from = 0; from < UNITS; from += rows) {
    Lanes sum[10][7];
    UNROLL for (int r = 0; r < rows; r++)
      UNROLL for (int c = 0; c < channels; c++) sum[r][c] = all(0);
    UNROLL for (int k = 0; k < UNITS; k++) {
      Lanes x[7];
      UNROLL for (int c = 0; c < channels; c++) x[c] = load(in[c][k]);
      UNROLL for (int r = 0; r < rows; r++) {
        const Lanes w = all(weights[(from + r) * row + k * column]);
        UNROLL for (int c = 0; c < channels; c++) sum[r][c] += w * x[c];
      }
    }
    UNROLL for (int r = 0; r < rows; r++)
      UNROLL for (int c = 0; c < channels; c++) store(out[c][from + r], sum[r][c]);
  }
}

// sums[i][j] += sum_c left[c][i] right[c][j], 5 x 5 at a time in registers.
enum { BLOCK = 5 };
INLINE void addOuter(int channels, const Channel *left, const Channel *right, float (*sums)[LANES]) {
  for (int i = 0; i < UNITS; i += BLOCK) {
    for (int j = 0; j < UNITS; j += BLOCK) {
      Lanes sum[BLOCK][BLOCK];
      UNROLL for (int a = 0; a < BLOCK; a++)
        UNROLL for (int b = 0; b < BLOCK; b++) sum[a][b] = load(sums[(i + a) * UNITS + j + b]);
      UNROLL for (int c = 0; c < channels; c++)
        UNROLL for (int a = 0; a < BLOCK; a++) {
          const Lanes x = load(left[c][i + a]);
          UNROLL for (int b = 0; b < BLOCK; b++) sum[a][b] += x * load(right[c][j + b]);
        }
      UNROLL for (int a = 0; a < BLOCK; a++)
        UNROLL for (int b = 0; b < BLOCK; b++) store(sums[(i + a) * UNITS + j + b], sum[a][b]);
    }
  }
}

INLINE void addTo(float *sum, Lanes value) { store(sum, load(sum) + value); }

typedef struct {
  Lanes value, slope;
} Moved;

// The shift V'(x, t) - V'(x, 0) and its slope along the flow.
static __attribute__((noinline)) Moved flowShift(int net, Lanes x, Lanes v, Lanes t) {
  const float *const p = own.parameter + net * NET;
  FlowTape *const tape = own.flow + net;
  for (int i = 0; i < UNITS; i++) {
    const Lanes atZero = p[WX + i] * x + p[B1 + i], change = p[WX + i] * v + p[WT + i];
    const Lanes y = tanhLanes(p[WT + i] * t + atZero), s = 1 - y * y, sDot = s * change;
    store(tape->in[0][i], y);
    store(tape->in[1][i], p[WX + i] * s);
    store(tape->in[2][i], sDot);
    store(tape->in[3][i], -2 * p[WX + i] * (y * sDot));
    const Lanes y0 = tanhLanes(atZero), s0 = p[WX + i] * (1 - y0 * y0);
    store(tape->in[4][i], y0);
    store(tape->in[5][i], s0);
    store(tape->in[6][i], -2 * p[WX + i] * (y0 * s0));
  }
  product(7, 1, p + W2, 1, UNITS, tape->in, tape->out);
  Lanes value = all(0), slope = all(0), bend = all(0);
  for (int j = 0; j < UNITS; j++) {
    const Lanes z = tanhLanes(load(tape->out[0][j]) + p[B2 + j]), m = p[W3 + j] * (1 - z * z);
    const Lanes b = load(tape->out[1][j]), c = load(tape->out[2][j]), d = load(tape->out[3][j]);
    store(tape->out[0][j], z);
    value += m * b;
    slope += m * (d - 2 * z * (b * c));
    const Lanes z0 = tanhLanes(load(tape->out[4][j]) + p[B2 + j]), m0 = p[W3 + j] * (1 - z0 * z0);
    const Lanes b0 = load(tape->out[5][j]), e0 = load(tape->out[6][j]);
    store(tape->out[4][j], z0);
    value -= m0 * b0;
    bend += m0 * (e0 - 2 * z0 * (b0 * b0));
  }
  tape->x = x;
  tape->v = v;
  tape->bend = bend;
  return (Moved){value, slope - v * bend};
}

// From the cotangents of the shift and its slope to those of x and v; adds the gradients.
static __attribute__((noinline)) Moved flowShiftBack(int net, Lanes t, Lanes valueBar, Lanes slopeBar) {
  const float *const p = own.parameter + net * NET;
  float(*const sums)[LANES] = own.sums[net];
  const FlowTape *const tape = own.flow + net;
  const Lanes x = tape->x, v = tape->v, slopeBar0 = -v * slopeBar;
  for (int j = 0; j < UNITS; j++) {
    const Lanes z = load(tape->out[0][j]), s = 1 - z * z, m = p[W3 + j] * s, z2 = -2 * z;
    const Lanes b = load(tape->out[1][j]), c = load(tape->out[2][j]), d = load(tape->out[3][j]);
    const Lanes bc = b * c, both = valueBar * b + slopeBar * d, mSlope = m * slopeBar, mixed = mSlope * z2;
    const Lanes aBar = z2 * (m * both) + mSlope * (4 - 6 * s) * bc;
    store(own.right[0][j], aBar);
    store(own.right[1][j], m * valueBar + mixed * c);
    store(own.right[2][j], mixed * b);
    store(own.right[3][j], mSlope);
    const Lanes z0 = load(tape->out[4][j]), s0 = 1 - z0 * z0, m0 = p[W3 + j] * s0, z02 = -2 * z0;
    const Lanes b0 = load(tape->out[5][j]), e0 = load(tape->out[6][j]);
    const Lanes bb = b0 * b0, both0 = slopeBar0 * e0 - valueBar * b0, mSlope0 = m0 * slopeBar0;
    const Lanes aBar0 = z02 * (m0 * both0) + mSlope0 * (4 - 6 * s0) * bb;
    store(own.right[4][j], aBar0);
    store(own.right[5][j], 2 * z02 * (mSlope0 * b0) - m0 * valueBar);
    store(own.right[6][j], mSlope0);
    addTo(sums[B2 + j], aBar + aBar0);
    addTo(sums[W3 + j], s * (both + slopeBar * (z2 * bc)) + s0 * (both0 + slopeBar0 * (z02 * bb)));
  }
  product(7, 1, p + W2, UNITS, 1, own.right, own.back);
  addOuter(7, tape->in, own.right, sums + W2);
  Lanes xBar = all(0), vBar = -slopeBar * tape->bend;
  for (int i = 0; i < UNITS; i++) {
    const float w = p[WX + i];
    const Lanes change = w * v + p[WT + i];
    const Lanes y = load(tape->in[0][i]), s = 1 - y * y, y2 = -2 * y;
    const Lanes yBar = load(own.back[0][i]), bBar = load(own.back[1][i]), cBar = load(own.back[2][i]), dBar = load(own.back[3][i]);
    const Lanes dChange = dBar * change;
    const Lanes aBar = s * (yBar + y2 * (bBar * w + cBar * change) + w * dChange * (4 - 6 * s));
    const Lanes changeBar = s * (cBar + w * (y2 * dBar));
    const Lanes y0 = load(tape->in[4][i]), s0 = 1 - y0 * y0, y02 = -2 * y0;
    const Lanes yBar0 = load(own.back[4][i]), bBar0 = load(own.back[5][i]), eBar0 = w * load(own.back[6][i]);
    const Lanes aBar0 = s0 * (yBar0 + w * (y02 * bBar0 + eBar0 * (4 - 6 * s0)));
    const Lanes aBars = aBar + aBar0;
    addTo(sums[WX + i], s * (bBar + y2 * dChange) + s0 * (bBar0 + 2 * y02 * eBar0) + x * aBars + v * changeBar);
    addTo(sums[WT + i], t * aBar + changeBar);
    addTo(sums[B1 + i], aBars);
    xBar += w * aBars;
    vBar += w * changeBar;
  }
  return (Moved){xBar, vBar};
}

// The shift, and the slope of V along time.
static __attribute__((noinline)) Moved energyShift(int net, Lanes x, Lanes t) {
  const float *const p = own.parameter + net * NET;
  EnergyTape *const tape = own.energy + net;
  for (int i = 0; i < UNITS; i++) {
    const Lanes atZero = p[WX + i] * x + p[B1 + i];
    store(tape->first[0][i], tanhLanes(p[WT + i] * t + atZero));
    store(tape->first[1][i], tanhLanes(atZero));
  }
  product(2, 5, p + W2, 1, UNITS, tape->first, tape->second);
  for (int j = 0; j < UNITS; j++) {
    UNROLL for (int c = 0; c < 2; c++) {
      const Lanes z = tanhLanes(load(tape->second[c][j]) + p[B2 + j]);
      store(tape->second[c][j], z);
      store(own.right[c][j], p[W3 + j] * (1 - z * z));
    }
  }
  product(2, 5, p + W2, UNITS, 1, own.right, tape->pulled);
  Lanes value = all(0), slope = all(0);
  for (int i = 0; i < UNITS; i++) {
    const Lanes y = load(tape->first[0][i]), y0 = load(tape->first[1][i]);
    const Lanes g = load(tape->pulled[0][i]) * (1 - y * y), g0 = load(tape->pulled[1][i]) * (1 - y0 * y0);
    value += p[WX + i] * (g - g0);
    slope += p[WT + i] * g;
  }
  tape->x = x;
  return (Moved){value, slope};
}

// From the cotangents of both to that of x; adds the gradients.
static __attribute__((noinline)) Lanes energyShiftBack(int net, Lanes t, Lanes valueBar, Lanes slopeBar) {
  const float *const p = own.parameter + net * NET;
  float(*const sums)[LANES] = own.sums[net];
  const EnergyTape *const tape = own.energy + net;
  const Lanes x = tape->x;
  // The four parts of dW2: cotangents of what was pulled times that, first layers times cotangents before the second.
  for (int i = 0; i < UNITS; i++) {
    const Lanes y = load(tape->first[0][i]), y0 = load(tape->first[1][i]);
    store(own.left[0][i], (p[WX + i] * valueBar + p[WT + i] * slopeBar) * (1 - y * y));
    store(own.left[1][i], (-p[WX + i] * valueBar) * (1 - y0 * y0));
    store(own.left[2][i], y);
    store(own.left[3][i], y0);
  }
  product(2, 5, p + W2, 1, UNITS, own.left, own.back);
  for (int j = 0; j < UNITS; j++) {
    Lanes sumB = all(0), sumW = all(0);
    UNROLL for (int c = 0; c < 2; c++) {
      const Lanes z = load(tape->second[c][j]), s = 1 - z * z, m = p[W3 + j] * s, e = load(own.back[c][j]);
      const Lanes aBar = -2 * z * (m * e);
      store(own.right[c][j], m);
      store(own.right[2 + c][j], aBar);
      sumB += aBar;
      sumW += s * e;
    }
    addTo(sums[B2 + j], sumB);
    addTo(sums[W3 + j], sumW);
  }
  product(2, 5, p + W2, UNITS, 1, own.right + 2, own.back);
  addOuter(4, own.left, own.right, sums + W2);
  Lanes xBar = all(0);
  for (int i = 0; i < UNITS; i++) {
    const Lanes y = load(own.left[2][i]), y0 = load(own.left[3][i]), s = 1 - y * y, s0 = 1 - y0 * y0;
    const Lanes g = load(tape->pulled[0][i]), g0 = load(tape->pulled[1][i]);
    const Lanes aBar = s * load(own.back[0][i]) - 2 * y * (g * load(own.left[0][i]));
    const Lanes aBar0 = s0 * load(own.back[1][i]) - 2 * y0 * (g0 * load(own.left[1][i]));
    const Lanes aBars = aBar + aBar0, sg = s * g;
    addTo(sums[WX + i], valueBar * (sg - s0 * g0) + x * aBars);
    addTo(sums[WT + i], slopeBar * sg + t * aBar);
    addTo(sums[B1 + i], aBars);
    xBar += p[WX + i] * aBars;
  }
  return xBar;
}

// The residual of z' = J grad H along the flow, and its gradients; returns the loss of each lane.
static Lanes flowTile(Lanes q, Lanes p, Lanes t, Lanes weight) {
  Lanes qDot = all(0), pDot = all(0);
  for (int net = 0; net < NETS; net += 2) {
    const Moved kick = flowShift(net, q, qDot, t);
    p -= kick.value;
    pDot -= kick.slope;
    const Moved drift = flowShift(net + 1, p, pDot, t);
    q += drift.value;
    qDot += drift.slope;
  }
  const Lanes first = qDot - p, second = pDot + q;
  Lanes qDotBar = weight * first, pDotBar = weight * second, qBar = pDotBar, pBar = -qDotBar;
  for (int net = NETS - 2; net >= 0; net -= 2) {
    const Moved drift = flowShiftBack(net + 1, t, qBar, qDotBar);
    pBar += drift.value;
    pDotBar += drift.slope;
    const Moved kick = flowShiftBack(net, t, -pBar, -pDotBar);
    qBar += kick.value;
    qDotBar += kick.slope;
  }
  return 0.5f * weight * (first * first + second * second);
}

// The distance of the network's Hamiltonian from H; the same.
static Lanes energyTile(Lanes q, Lanes p, Lanes t, Lanes weight) {
  const float start = tanhf(own.parameter[H0]);
  Lanes error = start - 0.5f * (q * q + p * p);
  for (int net = NETS - 2; net >= 0; net -= 2) {
    const Moved drift = energyShift(net + 1, p, t);
    error += drift.slope;
    q -= drift.value;
    const Moved kick = energyShift(net, q, t);
    error += kick.slope;
    p += kick.value;
  }
  const Lanes errorBar = 2 * weight * error;
  Lanes qBar = all(0), pBar = all(0);
  for (int net = 0; net < NETS; net += 2) {
    qBar += energyShiftBack(net, t, pBar, errorBar);
    pBar += energyShiftBack(net + 1, t, -qBar, errorBar);
  }
  addTo(own.sumH0, (1 - start * start) * errorBar);
  return weight * error * error;
}

static void step(void) {
  memset(own.sums, 0, sizeof own.sums);
  memset(own.sumH0, 0, sizeof own.sumH0);
  Lanes total = all(0);
  for (int from = 0; from < PADDED; from += LANES) {
    const Lanes q = load(own.sample[0] + from), p = load(own.sample[1] + from), t = load(own.sample[2] + from);
    const Lanes weight = load(own.weight + from);
    total += flowTile(q, p, t, weight) + energyTile(q, p, t, weight);
  }
  own.loss = sumOfLanes(total);
  for (int net = 0; net < NETS; net++)
    for (int i = 0; i < B3; i++) own.gradient[net * NET + i] = sumOfLanes(load(own.sums[net][i]));
  own.gradient[H0] = sumOfLanes(load(own.sumH0));
  Lanes squares = all(0);
  for (int i = 0; i < COUNT; i += LANES) squares += load(own.gradient + i) * load(own.gradient + i);
  own.norm = sqrtf(sumOfLanes(squares));
  const float factor = 1 / (own.norm + 1e-6);
  if (factor < 1)
    for (int i = 0; i < COUNT; i++) own.gradient[i] *= factor;
  adamTick(&own.adam);
  adamUpdate(&own.adam, COUNT, 0, own.parameter, own.gradient, own.first, own.second);
}

static double loss(void) { return own.loss; }
static double norm(void) { return own.norm; }

int main(int argc, char **argv) {
  prepare();
  // A network in the flow: 21 products of a channel, 233 for a unit (84 the tanh); in the Hamiltonian 12 and 166.
  const double flops = (double)SAMPLES * NETS * (33 * 2 * UNITS * UNITS + (233 + 166) * UNITS);
  const Baseline baseline = {restart, step, loss, norm, sizeof own, flops, 50, 10};
  return serve(&baseline, argc, argv);
}
