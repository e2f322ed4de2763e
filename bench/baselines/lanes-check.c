// Checks the elementary functions of lanes.h against the C library in float64, over every 1,009th float32 number.
// Prints the largest error in units of the last place and fails above 4 (met near |x| = 8.6, where the value is within a rounding of 1).
#include "lanes.h"
#include <stdio.h>
#include <string.h>

int main(void) {
  double worst = 0;
  float where = 0;
  for (uint32_t bits = 0; bits < 0x7f800000u; bits += 1009) {
    float x;
    memcpy(&x, &bits, sizeof x);
    const double exact = tanh((double)x);
    const float rounded = (float)exact, ulp = nextafterf(rounded, INFINITY) - rounded;
    const double error = fabs(((double)tanhLanes(all(x))[3] - exact) / ulp);
    if (error > worst) worst = error, where = x;
    if (tanhLanes(all(-x))[5] != -tanhLanes(all(x))[5]) return 2;
  }
  printf("{\"tanh\": {\"ulp\": %.3f, \"at\": %.9g}}\n", worst, where);
  return worst > 4;
}
