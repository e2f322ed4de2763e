// Vectors of float lanes for the hand-written baselines, through GCC's vector extensions (no intrinsics: the same text
// serves any instruction set the compiler knows; 16 lanes is one AVX-512 register, elsewhere GCC splits it).
//
// In: arrays of float aligned to 64 bytes. Out: lane type, broadcast, horizontal sum, tanh, transposition, one fused Adam
// update.
// Holds: tanh within 4 ulp for every finite argument (checked by `lanes-check.c`); nothing here allocates or branches on data.
// Not done: NaN keeps no promise (a minimum and a maximum decide the range), nor do flags and rounding modes.
#ifndef LANES_H
#define LANES_H
#include <math.h>
#include <stdint.h>

enum { LANES = 16 };
typedef float Lanes __attribute__((vector_size(64)));
typedef int32_t LaneIndex __attribute__((vector_size(64)));
#define INLINE static inline __attribute__((always_inline))
#define LANE_ALIGNED __attribute__((aligned(64)))
#define UNROLL _Pragma("GCC unroll 32")

INLINE Lanes all(float value) { return value - (Lanes){0}; }
INLINE Lanes load(const float *at) { return *(const Lanes *)at; }
INLINE void store(float *at, Lanes value) { *(Lanes *)at = value; }

INLINE float sumOfLanes(Lanes value) {
  const LaneIndex by8 = {8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7};
  const LaneIndex by4 = {4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3};
  const LaneIndex by2 = {2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1};
  value += __builtin_shuffle(value, by8);
  value += __builtin_shuffle(value, by4);
  value += __builtin_shuffle(value, by2);
  return value[0] + value[1];
}

// Two sums at once: after the first stage one vector holds what is left of both.
typedef struct {
  float a, b;
} LanePair;
INLINE LanePair sumsOfLanes(Lanes a, Lanes b) {
  const LaneIndex lower = {0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23};
  const LaneIndex by4 = {4, 5, 6, 7, 4, 5, 6, 7, 12, 13, 14, 15, 12, 13, 14, 15};
  const LaneIndex by2 = {2, 3, 2, 3, 6, 7, 6, 7, 10, 11, 10, 11, 14, 15, 14, 15};
  const LaneIndex by1 = {1, 1, 3, 3, 5, 5, 7, 7, 9, 9, 11, 11, 13, 13, 15, 15};
  Lanes both = __builtin_shuffle(a, b, lower) + __builtin_shuffle(a, b, lower + 8);
  both += __builtin_shuffle(both, by4);
  both += __builtin_shuffle(both, by2);
  both += __builtin_shuffle(both, by1);
  return (LanePair){both[0], both[8]};
}

// GCC turns the loop over lanes into one minimum (maximum) instruction.
INLINE Lanes smaller(Lanes a, Lanes b) {
  UNROLL for (int i = 0; i < LANES; i++) a[i] = a[i] < b[i] ? a[i] : b[i];
  return a;
}
INLINE Lanes larger(Lanes a, Lanes b) {
  UNROLL for (int i = 0; i < LANES; i++) a[i] = a[i] > b[i] ? a[i] : b[i];
  return a;
}
INLINE Lanes whereNegative(Lanes x, Lanes a, Lanes otherwise) {
  const LaneIndex negative = x < 0;
  return (Lanes)((negative & (LaneIndex)a) | (~negative & (LaneIndex)otherwise));
}

// tanh x = x P(x²) / Q(x²) on |x| <= 9.01 (tanh rounds to 1 in float32 from there on): degrees 4 and 4, minimax in the
// relative error (2.1e-8 before rounding) by Lawson's iteration on Chebyshev-like points.
INLINE Lanes tanhLanes(Lanes x) {
  const Lanes bound = all(9.01f);
  x = smaller(x, bound);
  x = larger(x, -bound);
  const Lanes y = x * x;
  Lanes p = all(1.3336952679909505e-08f) * y + 2.0596356305706487e-05f;
  Lanes q = all(7.769327856509013e-07f) * y + 0.00032843716926857355f;
  p = p * y + 0.0034948163522913953f;
  q = q * y + 0.025874047213437033f;
  p = p * y + 0.13380376153588103f;
  q = q * y + 0.4671369157671362f;
  p = p * y + 1.0f;
  q = q * y + 1.0f;
  return x * p / q;
}

// Rows become columns: 16 x 16 numbers in registers. Per stage, blocks of `half` change places between rows `half` apart.
#define EXCHANGE(half, low, high)                                                                                       \
  UNROLL for (int i = 0; i < LANES; i++) if (!(i & half)) {                                                             \
    const Lanes a = m[i], b = m[i + half];                                                                              \
    m[i] = __builtin_shuffle(a, b, low);                                                                                \
    m[i + half] = __builtin_shuffle(a, b, high);                                                                        \
  }
INLINE void transposeLanes(Lanes m[LANES]) {
  const LaneIndex low8 = {0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23}, high8 = low8 + 8;
  const LaneIndex low4 = {0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27}, high4 = low4 + 4;
  const LaneIndex low2 = {0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29}, high2 = low2 + 2;
  const LaneIndex low1 = {0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30}, high1 = low1 + 1;
  EXCHANGE(8, low8, high8)
  EXCHANGE(4, low4, high4)
  EXCHANGE(2, low2, high2)
  EXCHANGE(1, low1, high1)
}

// Adam (Kingma and Ba, 2015, algorithm 1): the state lies beside the parameters, `count` is a multiple of LANES.
typedef struct {
  float rate, beta1, beta2, epsilon;
  double power1, power2; // beta1^t and beta2^t of the steps done
} Adam;

INLINE Adam adamStart(void) { return (Adam){1e-3f, 0.9f, 0.999f, 1e-8f, 1.0, 1.0}; }

INLINE void adamTick(Adam *adam) {
  adam->power1 *= adam->beta1;
  adam->power2 *= adam->beta2;
}

INLINE void adamUpdate(const Adam *adam, int count, float decay, float *parameter, const float *gradient, float *first, float *second) {
  const float rate = (float)(adam->rate / (1.0 - adam->power1));
  const float scale = (float)(1.0 / (1.0 - adam->power2));
  for (int i = 0; i < count; i++) {
    const float g = gradient[i] + decay * parameter[i];
    const float m = adam->beta1 * first[i] + (1 - adam->beta1) * g;
    const float v = adam->beta2 * second[i] + (1 - adam->beta2) * g * g;
    first[i] = m;
    second[i] = v;
    parameter[i] -= rate * m / (__builtin_sqrtf(v * scale) + adam->epsilon);
  }
}
#endif
