// Checks the elementary functions of lanes.h and softplus.h against the C library in float64, over every 1,009th float32
// number of both signs. Prints the largest error in units of the last place and fails above 4 (tanh meets it near
// |x| = 8.6, where the value is within a rounding of 1). softplus is left out where e^x is subnormal.
#include "softplus.h"
#include <stdio.h>
#include <string.h>

typedef struct {
  double ulps;
  float at;
} Worst;

static void compare(Worst *worst, float x, float found, double exact) {
  const float rounded = (float)exact, ulp = nextafterf(fabsf(rounded), INFINITY) - fabsf(rounded);
  const double ulps = fabs(found - exact) / ulp;
  if (ulps > worst->ulps) *worst = (Worst){ulps, x};
}

int main(void) {
  Worst tanhs = {0, 0}, values = {0, 0}, slopes = {0, 0};
  for (uint32_t bits = 0; bits < 0x7f800000u; bits += 1009) {
    for (int sign = -1; sign <= 1; sign += 2) {
      float x;
      memcpy(&x, &bits, sizeof x);
      x *= sign;
      compare(&tanhs, x, tanhLanes(all(x))[3], tanh((double)x));
      if (tanhLanes(all(-x))[5] != -tanhLanes(all(x))[5]) return 2;
      if (x < -87) continue;
      const Softplus softplus = softplusLanes(all(x));
      compare(&values, x, softplus.value[3], fmax(x, 0) + log1p(exp(-fabs(x))));
      compare(&slopes, x, softplus.slope[5], 1 / (1 + exp(-(double)x)));
    }
  }
  printf("{\"tanh\": {\"ulp\": %.3f, \"at\": %.9g}, ", tanhs.ulps, tanhs.at);
  printf("\"softplus\": {\"ulp\": %.3f, \"at\": %.9g}, ", values.ulps, values.at);
  printf("\"slope of softplus\": {\"ulp\": %.3f, \"at\": %.9g}}\n", slopes.ulps, slopes.at);
  return tanhs.ulps > 4 || values.ulps > 4 || slopes.ulps > 4;
}
