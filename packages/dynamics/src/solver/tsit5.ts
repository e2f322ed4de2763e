/**
 * The method of Tsitouras of order 5 with an error estimate of order 4 and a dense output of order 4: Tsitouras, 2011,
 * "Runge–Kutta pairs of order 5(4) satisfying only the first column simplifying assumption", table 1 and equation for
 * the interpolant, doi:10.1016/j.camwa.2011.06.002. Coefficients in double precision.
 */
import { butcherTableau } from "./butcher-tableau.ts";
import { explicitRungeKutta } from "./explicit-runge-kutta.ts";
import type { Solver } from "./solver.ts";

const weights = [
  0.09646076681806523, 0.01, 0.4798896504144996, 1.379008574103742, -3.290069515436081, 2.324710524099774,
];

/** factor theta^2 (theta - root1)(theta - root2), as coefficients of theta, theta², theta³, theta⁴. */
function quartic(factor: number, sumOfRoots: number, productOfRoots: number): number[] {
  return [0, factor * productOfRoots, -factor * sumOfRoots, factor];
}

/** factor theta (theta - root)(theta² - p theta + q). */
function startingQuartic(factor: number, root: number, p: number, q: number): number[] {
  return [-factor * root * q, factor * (q + root * p), -factor * (p + root), factor];
}

/** Tsitouras 5(4): six evaluations a step. */
export const tsit5: Solver = explicitRungeKutta(
  butcherTableau({
    name: "tsit5",
    order: 5,
    embeddedOrder: 4,
    denseOrder: 4,
    fsal: true,
    a: [
      [],
      [0.161],
      [-0.008480655492356989, 0.335480655492357],
      [2.8971530571054935, -6.359448489975075, 4.3622954328695815],
      [5.325864828439257, -11.748883564062828, 7.4955393428898365, -0.09249506636175525],
      [5.86145544294642, -12.92096931784711, 8.159367898576159, -0.071584973281401, -0.028269050394068383],
      weights,
    ],
    b: [...weights, 0],
    c: [0, 0.161, 0.327, 0.9, 0.9800255409045097, 1, 1],
    error: [
      -0.001780011052225777, -0.0008164344596567469, 0.007880878010261995, -0.1447110071732629, 0.5823571654525552,
      -0.45808210592918697, 0.015151515151515152,
    ],
    dense: [
      startingQuartic(-1.0530884977290216, 1.329989018975141, 1.4364028541716352, 0.7139816917074209),
      quartic(0.1017, 2.1966568338249752, 1.294985250737463),
      quartic(2.490627285651253, 2.3853564547206165, 1.5780346820809248),
      quartic(-16.548102889244902, 1.2171292729553325 + 0.6162040603780009, 1.2171292729553325 * 0.6162040603780009),
      quartic(47.37952196281928, 1.2030712083723627 + 0.6580472926535473, 1.2030712083723627 * 0.6580472926535473),
      quartic(-34.87065786149661, 1.2 + 2 / 3, (1.2 * 2) / 3),
      quartic(2.5, 1.6, 0.6),
    ],
    cites: ["doi:10.1016/j.camwa.2011.06.002"],
  }),
);
