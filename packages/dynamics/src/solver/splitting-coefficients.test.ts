import { describe, expect, it } from "vitest";
import { blanesMoan6 } from "./blanes-moan6.ts";
import { interleaved, splittingCoefficients, symmetricShares, verletComposition } from "./splitting-coefficients.ts";
import { wordDefects } from "./word-series.ts";

const verlet = {
  name: "verlet",
  order: 2,
  field: "separable",
  first: "kick",
  weights: [1 / 2, 1, 1 / 2],
  symmetric: true,
  cites: [],
} as const;
const atela = {
  ...verlet,
  order: 4,
  field: "quadratic",
  symmetric: false,
  weights: [
    0.1344961992774311, 0.5153528374311229, -0.22481980307942082, -0.08578201941297364, 0.7563200005156683,
    0.4415830236164665, 0.3340036032863214, 0.12884615836538418,
  ],
} as const;

describe("splittingCoefficients", () => {
  it.each([
    ["the drifts to sum to 1", { weights: [1 / 2, 0.9, 1 / 2] }],
    ["the kicks to sum to 1", { weights: [1 / 2, 1, 1 / 3] }],
    ["an odd number of flows that reads the same backwards", { weights: [1 / 3, 1, 2 / 3] }],
    ["an odd number of flows that reads the same backwards", { weights: [1, 1], order: 1 }],
    ["every condition of order 3 to hold", { order: 3 }],
    [
      "every condition of order 5 to hold",
      { order: 5, weights: verletComposition(symmetricShares([1 / (2 - 2 ** (1 / 3))])) },
    ],
    ["the position to meet every condition of order 3", { order: 3, field: "quadratic" }],
    ["the position to meet every condition of order 5", { ...atela, order: 5 }],
    ["every condition of order 4 to hold", { ...atela, field: "separable" }],
  ] as const)("refuses: expected %s", (what, change) => {
    expect(() => splittingCoefficients({ ...verlet, ...change })).toThrow(
      `Cannot use the coefficients of verlet: expected ${what}, got a defect of `,
    );
  });

  it("takes for a quadratic kinetic energy what has a lower order otherwise", () => {
    expect(splittingCoefficients({ ...verlet, ...atela }).order).toBe(4);
  });

  it("sees a change of the twelfth digit in a method of order 6", () => {
    const outer = [0.0502627644003922, 0.413514300428344, 0.0450798897943977, -0.188054853819569, 0.54196067845078];
    const inner = [0.148816447901042, -0.132385865767784, 0.067307604692185, 0.432666402578175 + 2e-12];
    const weights = interleaved(outer, inner);
    expect(weights).toHaveLength(blanesMoan6.evaluations + 1);
    expect(() => splittingCoefficients({ ...verlet, order: 6, first: "drift", weights })).toThrow(
      "every condition of order 3",
    );
  });
});

describe("wordDefects", () => {
  it("is that of the first words by hand", () => {
    const [first, second] = wordDefects(
      [
        { letter: 0, weight: 1 },
        { letter: 1, weight: 1 },
      ],
      2,
    );
    // exp(A) exp(B) has A B once and B A never; exp(A + B) has each half.
    expect([first, second]).toEqual([0, 1 / 2]);
  });
});
