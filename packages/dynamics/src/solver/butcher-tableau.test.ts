import { describe, expect, it } from "vitest";
import { butcherTableau } from "./butcher-tableau.ts";
import { rootedTrees } from "./rooted-tree.ts";

const heun = {
  name: "heun",
  order: 2,
  embeddedOrder: 1,
  denseOrder: 2,
  fsal: false,
  a: [[], [1]],
  b: [1 / 2, 1 / 2],
  c: [0, 1],
  error: [-1 / 2, 1 / 2],
  dense: [
    [1, -1 / 2],
    [0, 1 / 2],
  ],
  cites: [],
};

describe("butcherTableau", () => {
  it("counts rooted trees as in the literature", () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8].map((order) => rootedTrees(order).length)).toEqual([1, 1, 2, 4, 9, 20, 48, 115]);
  });

  it("freezes a correct tableau", () => {
    expect(Object.isFrozen(butcherTableau(heun))).toBe(true);
  });

  it.each([
    ["row 2 of a to sum to c", { a: [[], [0.9]] }],
    ["b to meet every condition of order 1", { b: [0.5, 0.6] }],
    ["b to meet every condition of order 3", { order: 3 }],
    ["the embedded weights to meet every condition of order 2", { embeddedOrder: 2 }],
    [
      "dense weight 2 to end at b",
      {
        dense: [
          [1, -0.5],
          [0, 0.4],
        ],
      },
    ],
    ["the dense weights to meet every condition of order 2", { dense: [[0.5], [0.5]] }],
    ["the coarse weights to meet every condition of order 1", { coarseError: { order: 1, weights: [0.1, 0.1] } }],
    ["row 3 of a to sum to c", { denseStages: { a: [[0.5]], c: [0.4] } }],
    ["row 3 of a to be explicit", { denseStages: { a: [[0, 0, 0.5]], c: [0.5] } }],
    ["row 1 of a to be explicit", { a: [[1, -1], [1]] }],
    ["the last row of a to be b at 1", { fsal: true }],
  ])("refuses: expected %s", (what, change) => {
    expect(() => butcherTableau({ ...heun, ...change })).toThrow(
      `Cannot use the coefficients of heun: expected ${what}, got a defect of `,
    );
  });
});
