// spiral-node by hand: adaptive forward pass with its whole tape in cache, gradient back through the accepted steps,
// float32. `PAIR` names the tableau, `DENSE` its dense output.
//
// Form: lanes are the 50 hidden units (padded to 64 with units of weight zero); the state is two scalars. The forward pass
// leaves of every accepted step its length, its slopes and the tanh values of its stages; the two sums over the units
// share their shuffles. Backwards each stage is one visit: the weight gradients stay in registers as far as they fit.
//   z' = W2 t + b2, t = tanh(z³ W1 + b1);  with l the cotangent of z': dW2 += t l, g = (W2 l)(1 - t²), db1 += g,
//   dW1 += z³ g, and the cotangent of z is 3 z² (W1 g).
// The controller is integral (factor 0.9 e^(-1/5) within 0.2 .. 10), the first step by the usual rule.
#include "solve.h"

enum { UNITS = 50, VECTORS = 4, PADDED = VECTORS * LANES, POINTS = 30, MOST = 1024, STAGES = 7 };
enum { W1 = 0, B1 = 2 * PADDED, W2 = 3 * PADDED, B2 = 5 * PADDED, COUNT = B2 + LANES };
static const double END = 1.5;
static const float TOLERANCE = 1e-6f;

typedef struct {
  float x, y;
} State;

typedef struct {
  double t, h;
  State start, k[STAGES], at[STAGES]; // at: where the slope was taken
  LANE_ALIGNED float tanhs[STAGES][PADDED];
} Step;

static struct {
  LANE_ALIGNED float parameter[COUNT], gradient[COUNT], first[COUNT], second[COUNT], begin[COUNT];
  Step tape[MOST];
  State observed[POINTS];
  Adam adam;
  long accepted, rejected;
  double loss;
} own;

static void prepare(void) {
  for (int h = 0; h < UNITS; h++) {
    for (int r = 0; r < 2; r++) {
      own.begin[W1 + r * PADDED + h] = startWeight(r * UNITS + h, 2);
      own.begin[W2 + r * PADDED + h] = startWeight(3 * UNITS + 2 * h + r, UNITS);
    }
    own.begin[B1 + h] = startWeight(2 * UNITS + h, 2);
  }
  for (int r = 0; r < 2; r++) own.begin[B2 + r] = startWeight(5 * UNITS + r, UNITS);
  const double h = END / (POINTS - 1) / 1000;
  double z[2] = {2, 0};
  own.observed[0] = (State){2, 0};
  for (int step = 1; step <= 1000 * (POINTS - 1); step++) {
    double k[4][2], at[2] = {z[0], z[1]};
    for (int i = 0; i < 4; i++) {
      const double x3 = at[0] * at[0] * at[0], y3 = at[1] * at[1] * at[1], length = i < 2 ? h / 2 : h;
      k[i][0] = -0.1 * x3 + 2 * y3;
      k[i][1] = -2 * x3 - 0.1 * y3;
      for (int r = 0; r < 2; r++) at[r] = z[r] + length * k[i][r];
    }
    for (int r = 0; r < 2; r++) z[r] += h / 6 * (k[0][r] + 2 * k[1][r] + 2 * k[2][r] + k[3][r]);
    if (step % 1000 == 0) own.observed[step / 1000] = (State){(float)z[0], (float)z[1]};
  }
}

static void restart(void) {
  memcpy(own.parameter, own.begin, sizeof own.begin);
  memset(own.first, 0, sizeof own.first);
  memset(own.second, 0, sizeof own.second);
  own.adam = adamStart();
  own.adam.rate = 0.05f;
}

// The slope at z; leaves the tanh values.
INLINE State field(State z, float *tanhs) {
  const Lanes x3 = all(z.x * z.x * z.x), y3 = all(z.y * z.y * z.y);
  Lanes a = {0}, b = {0};
  UNROLL for (int v = 0; v < VECTORS; v++) {
    const int at = v * LANES;
    const float *p = own.parameter + at;
    const Lanes t = tanhLanes(x3 * load(p + W1) + (y3 * load(p + W1 + PADDED) + load(p + B1)));
    store(tanhs + at, t);
    a += t * load(p + W2);
    b += t * load(p + W2 + PADDED);
  }
  const LanePair sums = sumsOfLanes(a, b);
  return (State){sums.a + own.parameter[B2], sums.b + own.parameter[B2 + 1]};
}

INLINE State stage(State z, float h, const double *a, const State *k, int count) {
  State sum = {0, 0};
  UNROLL for (int j = 0; j < count; j++) {
    sum.x += (float)a[j] * k[j].x;
    sum.y += (float)a[j] * k[j].y;
  }
  return (State){z.x + h * sum.x, z.y + h * sum.y};
}

INLINE float normOf(State e, State a, State b) {
  const float x = e.x / (TOLERANCE + TOLERANCE * fmaxf(fabsf(a.x), fabsf(b.x)));
  const float y = e.y / (TOLERANCE + TOLERANCE * fmaxf(fabsf(a.y), fabsf(b.y)));
  return sqrtf((x * x + y * y) / 2);
}

// Hairer, Nørsett, Wanner, 1993, "Solving ordinary differential equations I", II.4, "starting step size".
static double firstStep(State z, State slope, float *tanhs) {
  const float size = normOf(z, z, z), speed = normOf(slope, z, z);
  const float guess = fminf(size < 1e-5f || speed < 1e-5f ? 1e-6f : 0.01f * size / speed, (float)END);
  const State ahead = field((State){z.x + guess * slope.x, z.y + guess * slope.y}, tanhs);
  const float bend = normOf((State){ahead.x - slope.x, ahead.y - slope.y}, z, z) / guess;
  return fmin(fmin(100 * guess, powf(0.01f / fmaxf(fmaxf(speed, bend), 1e-15f), 0.2f)), END);
}

static __attribute__((noinline)) int forward(void) {
  State z = {2, 0};
  LANE_ALIGNED float ahead[PADDED];
  Step *s = own.tape;
  s->k[0] = field(z, s->tanhs[0]);
  double t = 0, h = firstStep(z, s->k[0], ahead);
  float most = 10;
  own.accepted = own.rejected = 0;
  for (int n = 0; n < MOST - 1;) {
    const int last = t + 1.01 * h >= END;
    s->t = t;
    s->h = last ? END - t : h;
    s->start = z;
    const float length = (float)s->h;
    UNROLL for (int i = 1; i < STAGES; i++) {
      s->at[i] = stage(z, length, PAIR.a[i], s->k, i);
      s->k[i] = field(s->at[i], s->tanhs[i]);
    }
    const State e = stage((State){0, 0}, length, PAIR.error, s->k, STAGES);
    const float error = normOf(e, z, s->at[6]);
    const float factor = fmaxf(0.2f, fminf(most, 0.9f * powf(error + 1e-10f, -0.2f)));
    if (error > 1) {
      own.rejected++;
      h = s->h * fminf(factor, 1);
      most = 1;
      continue;
    }
    own.accepted = ++n;
    z = s->at[6];
    if (last) return n;
    t += s->h;
    h = s->h * factor;
    most = 10;
    s++;
    s->k[0] = s[-1].k[6];
  }
  return MOST - 1;
}

// Cotangents of one step, and the sums of the weight gradients.
typedef struct {
  State k[STAGES], z;
  Lanes w1[2][VECTORS], b1[VECTORS], w2[2][VECTORS];
  State b2;
} Back;

INLINE State visit(Back *b, State l, State z, const float *tanhs) {
  const Lanes lx = all(l.x), ly = all(l.y), x3 = all(z.x * z.x * z.x), y3 = all(z.y * z.y * z.y);
  Lanes sumX = {0}, sumY = {0};
  UNROLL for (int v = 0; v < VECTORS; v++) {
    const float *p = own.parameter + v * LANES;
    const Lanes t = load(tanhs + v * LANES);
    const Lanes g = (lx * load(p + W2) + ly * load(p + W2 + PADDED)) * (1 - t * t);
    b->w2[0][v] += lx * t;
    b->w2[1][v] += ly * t;
    b->b1[v] += g;
    b->w1[0][v] += x3 * g;
    b->w1[1][v] += y3 * g;
    sumX += g * load(p + W1);
    sumY += g * load(p + W1 + PADDED);
  }
  b->b2.x += l.x;
  b->b2.y += l.y;
  const LanePair sums = sumsOfLanes(sumX, sumY);
  return (State){3 * z.x * z.x * sums.a, 3 * z.y * z.y * sums.b};
}

// Reads the points of one step from its dense output; adds their cotangents. Returns the sum of squared errors.
INLINE float points(Back *b, const Step *s, int *next, float length) {
  float squares = 0;
  for (; *next >= 0 && (END * *next / (POINTS - 1) >= s->t || s == own.tape); --*next) {
    const float theta = (float)((END * *next / (POINTS - 1) - s->t) / s->h);
    float weight[STAGES];
    State z = s->start;
    UNROLL for (int i = 0; i < STAGES; i++) {
      const double *c = DENSE[i];
      weight[i] = length * theta * ((float)c[0] + theta * ((float)c[1] + theta * ((float)c[2] + theta * (float)c[3])));
      z.x += weight[i] * s->k[i].x;
      z.y += weight[i] * s->k[i].y;
    }
    const State e = {z.x - own.observed[*next].x, z.y - own.observed[*next].y};
    squares += e.x * e.x + e.y * e.y;
    b->z.x += 2 * e.x;
    b->z.y += 2 * e.y;
    UNROLL for (int i = 0; i < STAGES; i++) {
      b->k[i].x += 2 * weight[i] * e.x;
      b->k[i].y += 2 * weight[i] * e.y;
    }
  }
  return squares;
}

// What lies at a stage goes to the start of the step and to the earlier slopes.
INLINE void spread(Back *b, State l, float length, const double *a, int count) {
  b->z.x += l.x;
  b->z.y += l.y;
  UNROLL for (int j = 0; j < count; j++) {
    b->k[j].x += length * (float)a[j] * l.x;
    b->k[j].y += length * (float)a[j] * l.y;
  }
}

static __attribute__((noinline)) float backward(int steps) {
  Back b;
  memset(&b, 0, sizeof b);
  State end = {0, 0}, slope = {0, 0}; // cotangents of the state at the end of a step, and of its slope
  float squares = 0;
  int next = POINTS - 1;
  for (const Step *s = own.tape + steps - 1; s >= own.tape; s--) {
    const float length = (float)s->h;
    b.z = (State){0, 0};
    memset(b.k, 0, sizeof b.k);
    b.k[6] = slope;
    squares += points(&b, s, &next, length);
    UNROLL for (int i = STAGES - 1; i > 0; i--) {
      State l = visit(&b, b.k[i], s->at[i], s->tanhs[i]);
      if (i == STAGES - 1) l = (State){l.x + end.x, l.y + end.y};
      spread(&b, l, length, PAIR.a[i], i);
    }
    end = b.z;
    slope = b.k[0];
  }
  visit(&b, slope, own.tape->start, own.tape->tanhs[0]);
  UNROLL for (int v = 0; v < VECTORS; v++) {
    float *g = own.gradient + v * LANES;
    for (int r = 0; r < 2; r++) {
      store(g + W1 + r * PADDED, b.w1[r][v]);
      store(g + W2 + r * PADDED, b.w2[r][v]);
    }
    store(g + B1, b.b1[v]);
  }
  own.gradient[B2] = b.b2.x;
  own.gradient[B2 + 1] = b.b2.y;
  return squares;
}

static void step(void) {
  own.loss = backward(forward());
  adamTick(&own.adam);
  adamUpdate(&own.adam, COUNT, 0, own.parameter, own.gradient, own.first, own.second);
}

static double loss(void) { return own.loss; }
static double norm(void) {
  double squares = 0;
  for (int i = 0; i < COUNT; i++) squares += (double)own.gradient[i] * own.gradient[i];
  return sqrt(squares);
}

int main(int argc, char **argv) {
  prepare();
  // Per unit and evaluation: 3 + tanh 20 + 2 forward, 11 backward; 43 accepted and 15 rejected steps in the mean.
  const double flops = UNITS * 6.0 * (58 * 27 + 43 * 18);
  const Baseline baseline = {restart, step, loss, norm, sizeof own, flops, 500, 2};
  return serve(&baseline, argc, argv);
}
