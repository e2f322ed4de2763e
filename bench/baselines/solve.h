// What the baselines that only solve have in common: tableaux, the controller, the talk with `bench/main.ts`.
//
// A baseline defines `solve` (to a time, with the counts of steps) and the facts; it calls `serveSolve` from main. With
// no argument it prints one line of JSON facts, then for each line `steps repeats` on its input one line {"ms": per solve};
// with `--alone` it measures itself in rounds and prints one object. Not done: no judgement of the error here.
#ifndef SOLVE_H
#define SOLVE_H
#include "harness.h"

// Explicit Runge–Kutta pairs of seven stages, the last of which is the first of the next step. Row 6 of A is b.
typedef struct {
  double a[7][7], error[7];
} Pair;

// Tsitouras, 2011, doi:10.1016/j.camwa.2011.06.002, table 1.
static const Pair tsit5 = {
  {{0},
   {0.161},
   {-0.008480655492356989, 0.335480655492357},
   {2.8971530571054935, -6.359448489975075, 4.3622954328695815},
   {5.325864828439257, -11.748883564062828, 7.4955393428898365, -0.09249506636175525},
   {5.86145544294642, -12.92096931784711, 8.159367898576159, -0.071584973281401, -0.028269050394068383},
   {0.09646076681806523, 0.01, 0.4798896504144996, 1.379008574103742, -3.290069515436081, 2.324710524099774}},
  {-0.001780011052225777, -0.0008164344596567469, 0.007880878010261995, -0.1447110071732629, 0.5823571654525552,
   -0.45808210592918697, 0.015151515151515152}};

// Dormand, Prince, 1980, doi:10.1016/0771-050X(80)90013-3.
static const Pair dopri5 = {
  {{0},
   {1.0 / 5},
   {3.0 / 40, 9.0 / 40},
   {44.0 / 45, -56.0 / 15, 32.0 / 9},
   {19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729},
   {9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656},
   {35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84}},
  {71.0 / 57600, 0, -71.0 / 16695, 71.0 / 1920, -17253.0 / 339200, 22.0 / 525, -1.0 / 40}};

// Of each slope, divided by theta: powers 0 .. 3 of theta. Shampine, 1986, doi:10.1090/S0025-5718-1986-0815836-3.
static const double dopri5Dense[7][4] = {
  {1, -8048581381.0 / 2820520608, 8663915743.0 / 2820520608, -12715105075.0 / 11282082432},
  {0},
  {0, 131558114200.0 / 32700410799, -68118460800.0 / 10900136933, 87487479700.0 / 32700410799},
  {0, -1754552775.0 / 470086768, 14199869525.0 / 1410260304, -10690763975.0 / 1880347072},
  {0, 127303824393.0 / 49829197408, -318862633887.0 / 49829197408, 701980252875.0 / 199316789632},
  {0, -282668133.0 / 205662961, 2019193451.0 / 616988883, -1453857185.0 / 822651844},
  {0, 40617522.0 / 29380423, -110615467.0 / 29380423, 69997945.0 / 29380423}};

typedef struct {
  void (*solve)(double end);
  double (*error)(void); // of the last solve, against the reference at `checkAt`
  double checkAt, end;
  long *accepted, *rejected; // of the last solve
  size_t bytes;
  int repeats; // of one round when it measures itself
} SolveBaseline;

static double timeOfSolves(const SolveBaseline *b, int solves) {
  const double begin = milliseconds();
  for (int i = 0; i < solves; i++) b->solve(b->end);
  return (milliseconds() - begin) / solves;
}

static int serveSolve(const SolveBaseline *b, int argc, char **argv) {
  const double begin = milliseconds();
  b->solve(b->checkAt);
  const double firstCall = milliseconds() - begin, error = b->error();
  b->solve(b->end);
  printf("{\"error\": %.9g, \"accepted\": %ld, \"rejected\": %ld, \"bytes\": %zu, \"firstCallMs\": %.6g, \"dtype\": \"float64\", \"threads\": 1", error,
         *b->accepted, *b->rejected, b->bytes, firstCall);
  if (argc > 1 && strcmp(argv[1], "--alone") == 0) {
    enum { ROUNDS = 11 };
    double rounds[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) rounds[round] = timeOfSolves(b, b->repeats);
    qsort(rounds, ROUNDS, sizeof rounds[0], ascending);
    const double ms = rounds[ROUNDS / 2];
    printf(", \"rounds\": %d, \"medianMs\": %.6g, \"minMs\": %.6g, \"maxMs\": %.6g", ROUNDS, ms, rounds[0], rounds[ROUNDS - 1]);
    printf(", \"nsPerAcceptedStep\": %.4g}\n", ms * 1e6 / *b->accepted);
    return 0;
  }
  printf("}\n");
  fflush(stdout);
  int steps, repeats;
  while (scanf("%d %d", &steps, &repeats) == 2) {
    printf("{\"ms\": %.9g}\n", timeOfSolves(b, steps * repeats));
    fflush(stdout);
  }
  return 0;
}
#endif
