// ensemble by hand: 10,000 pendulums, each with its own step size, eight doubles a vector, float64.
//
// WIDTH vectors go side by side, since the chain of one step is longer than the processor's pipes are wide. A lane that
// has reached the end is written out and takes the next pendulum at once, so that no lane waits for another. First steps
// come before, for all pendulums. The controller is integral, its power taken from the bits (see lorenz.h); sin is an odd
// polynomial of degree 17 on [-pi/2, pi/2] after taking away the nearest multiple of pi (1 ulp).
#include "solve.h"

enum { PENDULUMS = 10000, WIDE = 8, WIDTH = 2, SLOTS = WIDE * WIDTH };
typedef double Doubles __attribute__((vector_size(64)));
typedef int64_t Words __attribute__((vector_size(64)));

static struct {
  LANE_ALIGNED double amplitude[PENDULUMS], first[PENDULUMS], angle[PENDULUMS], velocity[PENDULUMS];
  long accepted, rejected;
} own;

INLINE Doubles every(double value) { return value - (Doubles){0}; }
INLINE Doubles choose(Words mask, Doubles a, Doubles b) { return (Doubles)(((Words)a & mask) | ((Words)b & ~mask)); }
INLINE Doubles size(Doubles x) { return (Doubles)((Words)x & 0x7fffffffffffffffLL); }
// GCC turns the loops over lanes into one instruction.
INLINE Doubles greater(Doubles a, Doubles b) {
  UNROLL for (int l = 0; l < WIDE; l++) a[l] = a[l] > b[l] ? a[l] : b[l];
  return a;
}
INLINE Doubles lesser(Doubles a, Doubles b) {
  UNROLL for (int l = 0; l < WIDE; l++) a[l] = a[l] < b[l] ? a[l] : b[l];
  return a;
}

// Roots of single precision: only the error, its scale and first steps need them.
INLINE Doubles powerFromBits(Doubles x, double exponent) {
  const double one = 1023.0 * 4503599627370496.0, centre = 0.04 * 4503599627370496.0;
  const Doubles bits = __builtin_convertvector((Words)x, Doubles);
  return (Doubles)__builtin_convertvector(bits * exponent + (one * (1 - exponent) - centre), Words);
}

INLINE Doubles sine(Doubles x) {
  const double shift = 6755399441055744.0; // 1.5 2^52: the sum is rounded to an integer, which stands in its low bits
  const Doubles turned = x * 0.31830988618379067 + shift, count = turned - shift;
  const Doubles r = (x - count * 3.141592653589793) - count * 1.2246467991473532e-16, y = r * r, y2 = y * y, y4 = y2 * y2;
  const Doubles low = (-0.166666666666666651 + 0.00833333333333316462 * y) + y2 * (-0.00019841269841200994 + 2.75573192099090488e-06 * y);
  const Doubles high = (-2.50521067681336387e-08 + 1.60589346267857717e-10 * y) + y2 * (-7.64286117761000437e-13 + 2.7198054490294611e-15 * y);
  const Doubles s = r + r * y * (low + y4 * high);
  return (Doubles)((Words)s ^ ((Words)turned << 63));
}

// Hairer, Nørsett, Wanner, 1993, "Solving ordinary differential equations I", II.4, "starting step size"; w = 0 at first.
static void firstSteps(double end) {
  for (int i = 0; i < PENDULUMS; i += WIDE) {
    const Doubles angle = *(const Doubles *)(own.amplitude + i), slope = -sine(angle);
    const Doubles scale = 1e-6 + 1e-6 * angle, tolerance = every(1e-6);
    const Doubles rate = powerFromBits((slope / tolerance) * (slope / tolerance) * 0.5, 0.5);
    const Doubles guess = 0.01 * powerFromBits((angle / scale) * (angle / scale) * 0.5, 0.5) / rate;
    const Doubles velocity = guess * slope;
    const Doubles bend = powerFromBits(0.5 * (velocity / scale) * (velocity / scale), 0.5) / guess;
    const Doubles refined = powerFromBits(100 * greater(rate, bend), -0.2);
    *(Doubles *)(own.first + i) = lesser(lesser(100 * guess, refined), every(end));
  }
}

typedef struct {
  Doubles angle[WIDTH], velocity[WIDTH], slope[WIDTH]; // slope of the velocity; that of the angle is the velocity
  Doubles t[WIDTH], h[WIDTH], limit[WIDTH];
  Words accepted[WIDTH]; // steps of the pendulum in a lane
  long since[SLOTS];     // turn of the loop in which it came
  int pendulum[SLOTS];
} Front;

static void enter(Front *f, int lane, int pendulum, long turn) {
  const int v = lane / WIDE, l = lane % WIDE;
  f->pendulum[lane] = pendulum;
  f->angle[v][l] = own.amplitude[pendulum];
  f->velocity[v][l] = f->t[v][l] = 0;
  f->slope[v][l] = -sin(own.amplitude[pendulum]);
  f->h[v][l] = own.first[pendulum];
  f->limit[v][l] = 10;
  f->accepted[v][l] = 0;
  f->since[lane] = turn;
}

// Writes a finished pendulum out.
static void leave(Front *f, int lane, long turn) {
  const int v = lane / WIDE, l = lane % WIDE, pendulum = f->pendulum[lane];
  own.angle[pendulum] = f->angle[v][l];
  own.velocity[pendulum] = f->velocity[v][l];
  own.accepted += f->accepted[v][l];
  own.rejected += turn - f->since[lane] - f->accepted[v][l];
}

static void solve(double end) {
  firstSteps(end);
  Front f;
  int next = 0, running = SLOTS;
  own.accepted = own.rejected = 0;
  for (int lane = 0; lane < SLOTS; lane++) enter(&f, lane, next++, 0);
  for (long turn = 1; running > 0; turn++) {
    Doubles h[WIDTH], v[WIDTH], kq[7][WIDTH], kp[7][WIDTH], q[WIDTH];
    Words last[WIDTH], finished = {0};
    UNROLL for (int w = 0; w < WIDTH; w++) {
      last[w] = f.t[w] + 1.01 * f.h[w] >= end;
      h[w] = choose(last[w], end - f.t[w], f.h[w]);
      kq[0][w] = f.velocity[w];
      kp[0][w] = f.slope[w];
    }
    UNROLL for (int i = 1; i < 7; i++) {
      UNROLL for (int w = 0; w < WIDTH; w++) {
        Doubles sumQ = {0}, sumP = {0};
        UNROLL for (int j = 0; j < i; j++) {
          sumQ += tsit5.a[i][j] * kq[j][w];
          sumP += tsit5.a[i][j] * kp[j][w];
        }
        q[w] = f.angle[w] + h[w] * sumQ;
        kq[i][w] = f.velocity[w] + h[w] * sumP;
        kp[i][w] = -sine(q[w]);
      }
    }
    UNROLL for (int w = 0; w < WIDTH; w++) {
      v[w] = kq[6][w];
      Doubles eq = {0}, ep = {0};
      UNROLL for (int j = 0; j < 7; j++) {
        eq += tsit5.error[j] * kq[j][w];
        ep += tsit5.error[j] * kp[j][w];
      }
      const Doubles scaleQ = 1e-6 + 1e-6 * greater(size(f.angle[w]), size(q[w]));
      const Doubles scaleP = 1e-6 + 1e-6 * greater(size(f.velocity[w]), size(v[w]));
      const Doubles inverse = h[w] / (scaleQ * scaleP);
      eq *= inverse * scaleP;
      ep *= inverse * scaleQ;
      const Doubles square = 0.5 * (eq * eq + ep * ep);
      const Words accept = square <= 1;
      const Doubles wanted = 0.9 * powerFromBits(square + 1e-20, -0.1);
      const Doubles most = choose(accept, f.limit[w], every(1));
      f.h[w] = h[w] * lesser(greater(wanted, every(0.2)), most);
      f.limit[w] = choose(accept, every(10), every(1));
      f.t[w] = choose(accept, choose(last[w], every(end), f.t[w] + h[w]), f.t[w]);
      f.angle[w] = choose(accept, q[w], f.angle[w]);
      f.velocity[w] = choose(accept, v[w], f.velocity[w]);
      f.slope[w] = choose(accept, kp[6][w], f.slope[w]);
      f.accepted[w] -= accept;
      finished |= f.t[w] >= end;
    }
    int64_t any = 0;
    UNROLL for (int l = 0; l < WIDE; l++) any |= finished[l];
    if (any == 0) continue;
    for (int lane = 0; lane < SLOTS; lane++) {
      const int w = lane / WIDE, l = lane % WIDE;
      if (!(f.t[w][l] >= end)) continue;
      leave(&f, lane, turn);
      if (next < PENDULUMS) enter(&f, lane, next++, turn);
      else {
        running--;
        f.t[w][l] = -1e300; // goes on and never arrives
      }
    }
  }
}

// Jacobi's functions by descending Landen transformations, as in bench/workloads/exact-pendulum.ts.
static double errorOf(int pendulum, double t) {
  const double k = sin(own.amplitude[pendulum] / 2);
  double a[20] = {1}, c[20] = {k}, b = sqrt((1 - k) * (1 + k));
  int n = 0;
  for (; fabs(c[n]) >= 1e-15; n++) {
    a[n + 1] = (a[n] + b) / 2;
    c[n + 1] = (a[n] - b) / 2;
    b = sqrt(a[n] * b);
  }
  double phase = ldexp(a[n] * t, n);
  for (; n > 0; n--) phase = (phase + asin(c[n] / a[n] * sin(phase))) / 2;
  const double sn = sin(phase), cn = cos(phase), dn = sqrt(1 - k * k * sn * sn);
  const double angle = fabs(own.angle[pendulum] - 2 * asin(k * cn / dn));
  const double velocity = fabs(own.velocity[pendulum] + 2 * k * sqrt(1 - k * k) * sn / dn);
  return angle > velocity ? angle : velocity;
}

static double error(void) {
  double most = 0;
  for (int i = 0; i < PENDULUMS; i++) {
    const double each = errorOf(i, 50);
    if (!(each <= most)) most = each;
  }
  return most;
}

int main(int argc, char **argv) {
  for (int i = 0; i < PENDULUMS; i++) own.amplitude[i] = 0.1 + 2.9 * uniform(1, i);
  const SolveBaseline baseline = {solve, error, 50, 50, &own.accepted, &own.rejected, sizeof own, 2};
  return serveSolve(&baseline, argc, argv);
}
