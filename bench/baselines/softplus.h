// exp, softplus and its slope in lanes, for the baselines whose networks have smooth hinges.
//
// Holds: relative errors within 3 units of the last place for arguments in [-80, 80] (checked by `lanes-check.c`); softplus
// and its slope share one exponential. Not done: arguments whose exponential is not a normal number are clamped.
#ifndef SOFTPLUS_H
#define SOFTPLUS_H
#include "lanes.h"

// e^x for |x| <= 87: 2^n e^r with |r| <= ln 2 / 2, e^r by a polynomial of degree 6 (minimax, 1.9e-9 before rounding).
INLINE Lanes expLanes(Lanes x) {
  const Lanes magic = all(12582912.0f); // adding it rounds to an integer, which then stands in the low bits
  const Lanes n = x * 1.44269504088896341f + magic, whole = n - magic;
  const Lanes r = x - whole * 0.693359375f + whole * 2.12194440e-4f;
  Lanes p = all(0.0013836793368682265f) * r + 0.008374856784939766f;
  p = p * r + 0.041668228805065155f;
  p = p * r + 0.16666419804096222f;
  p = p * r + 0.49999991059303284f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  const LaneIndex power = ((LaneIndex)n << 23) + 0x3f800000;
  return p * (Lanes)power;
}

typedef struct {
  Lanes value, slope;
} Softplus;

// ln(1 + e^x) = max(x, 0) + ln(1 + e), e = e^-|x|; ln(1 + e) = e P(e), degree 9 (minimax, 4.7e-9 before rounding).
INLINE Softplus softplusLanes(Lanes x) {
  const Lanes negative = smaller(x, -x), e = expLanes(larger(negative, all(-87.0f)));
  Lanes p = all(-0.0032440212089568377f) * e + 0.01985144428908825f;
  p = p * e - 0.056959498673677444f;
  p = p * e + 0.10603651404380798f;
  p = p * e - 0.15305590629577637f;
  p = p * e + 0.1967593878507614f;
  p = p * e - 0.24954134225845337f;
  p = p * e + 0.3332996368408203f;
  p = p * e - 0.4999990165233612f;
  p = p * e + 1.0f;
  const Lanes half = 1.0f / (1.0f + e); // the slope at |x|
  return (Softplus){larger(x, all(0)) + e * p, whereNegative(x, e * half, half)};
}
#endif
