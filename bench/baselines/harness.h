// What every baseline has in common: the random streams, the clock, the machine's peak, and the talk with `bench/main.ts`.
//
// A baseline defines `baseline` (restart, step, the facts of its first step) and calls `serve` from main. With no
// argument it answers requests: it prints one line of JSON facts, then for each line `steps repeats` on its input one
// line {"ms": per step, "loss": of the last step}. With the argument `--alone` it measures itself in rounds and prints one object.
// Not done: no checking of the loss here; the numbers are printed and the caller compares them with the reference.
#ifndef HARNESS_H
#define HARNESS_H
#include "lanes.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef double DoubleLanes __attribute__((vector_size(64)));

typedef struct {
  void (*restart)(void);  // start parameters, empty optimiser state
  void (*step)(void);     // loss, gradient, update
  double (*loss)(void);   // of the last step
  double (*norm)(void);   // 2-norm of the loss gradient of the last step
  size_t bytes;           // everything the baseline owns
  double flops;           // multiply-adds count twice, elementary functions as their polynomial
  int steps, repeats;     // of one round when it measures itself
  int isDouble;           // computes in float64
} Baseline;

static uint32_t lowbias32(uint32_t x) {
  x ^= x >> 16;
  x *= 0x7feb352dU;
  x ^= x >> 15;
  x *= 0x846ca68bU;
  return x ^ (x >> 16);
}
static double uniform(uint32_t stream, uint32_t i) { return (lowbias32(stream * 0x9E3779B9U + i) + 0.5) / 4294967296.0; }
static double normal(uint32_t stream, uint32_t i) {
  return sqrt(-2 * log(uniform(stream, 2 * i))) * cos(2 * M_PI * uniform(stream, 2 * i + 1));
}
// One start parameter: number i of stream 0, scaled to U(-1/sqrt(inputs), 1/sqrt(inputs)).
static float startWeight(uint32_t i, int inputs) { return (float)((2 * uniform(0, i) - 1) / sqrt(inputs)); }

static double milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e3 + now.tv_nsec * 1e-6;
}

// The bare multiply-add loop: 24 independent chains in registers, one thread. GFLOP/s.
#define PEAK(name, Vector)                                                                                              \
  static __attribute__((noinline)) double name(void) {                                                                  \
    enum { CHAINS = 24, TURNS = 200000, WIDE_LANES = sizeof(Vector) / sizeof((Vector){0}[0]) };                         \
    double best = 0;                                                                                                    \
    for (int round = 0; round < 5; round++) {                                                                           \
      Vector sum[CHAINS], factor = (Vector){0} + 0.999f, term = (Vector){0} + 1e-3f;                                    \
      UNROLL for (int c = 0; c < CHAINS; c++) sum[c] = (Vector){0} + (float)c;                                          \
      __asm__ volatile("" : "+v"(factor), "+v"(term));                                                                  \
      const double begin = milliseconds();                                                                              \
      for (int turn = 0; turn < TURNS; turn++) {                                                                        \
        UNROLL for (int c = 0; c < CHAINS; c++) sum[c] = sum[c] * factor + term;                                        \
      }                                                                                                                 \
      UNROLL for (int c = 0; c < CHAINS; c++) __asm__ volatile("" : "+v"(sum[c]));                                      \
      const double rate = 2.0 * WIDE_LANES * CHAINS * TURNS / (milliseconds() - begin) * 1e-6;                          \
      if (rate > best) best = rate;                                                                                     \
    }                                                                                                                   \
    return best;                                                                                                        \
  }
PEAK(peakOfSingles, Lanes)
PEAK(peakOfDoubles, DoubleLanes)
static double peakGflops(const Baseline *b) { return b->isDouble ? peakOfDoubles() : peakOfSingles(); }

static double timeOfRound(const Baseline *b, int steps, int repeats) {
  double total = 0;
  for (int repeat = 0; repeat < repeats; repeat++) {
    b->restart();
    const double begin = milliseconds();
    for (int step = 0; step < steps; step++) b->step();
    total += milliseconds() - begin;
  }
  return total / ((double)steps * repeats);
}

static int ascending(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static int serve(const Baseline *b, int argc, char **argv) {
  b->restart();
  const double begin = milliseconds();
  b->step();
  const double firstCall = milliseconds() - begin;
  printf("{\"loss\": %.15g, \"gradientNorm\": %.15g, \"bytes\": %zu, \"firstCallMs\": %.6g, \"dtype\": \"%s\", \"threads\": 1",
         b->loss(), b->norm(), b->bytes, firstCall, b->isDouble ? "float64" : "float32");
  if (argc > 1 && strcmp(argv[1], "--alone") == 0) {
    enum { ROUNDS = 11 };
    double rounds[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) rounds[round] = timeOfRound(b, b->steps, b->repeats);
    qsort(rounds, ROUNDS, sizeof rounds[0], ascending);
    const double peak = peakGflops(b), rate = b->flops / rounds[ROUNDS / 2] * 1e-6;
    printf(", \"rounds\": %d, \"medianMs\": %.6g, \"minMs\": %.6g, \"maxMs\": %.6g", ROUNDS, rounds[ROUNDS / 2], rounds[0], rounds[ROUNDS - 1]);
    printf(", \"gflops\": %.4g, \"peakGflops\": %.4g, \"fractionOfPeak\": %.3g}\n", rate, peak, rate / peak);
    return 0;
  }
  printf(", \"flops\": %.6g, \"peakGflops\": %.4g}\n", b->flops, peakGflops(b));
  fflush(stdout);
  int steps, repeats;
  while (scanf("%d %d", &steps, &repeats) == 2) {
    const double ms = timeOfRound(b, steps, repeats);
    printf("{\"ms\": %.9g, \"loss\": %.15g}\n", ms, b->loss());
    fflush(stdout);
  }
  return 0;
}
#endif
