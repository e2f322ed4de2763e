/**
 * Nyström tables: what their constructor refuses, and the pair with an error estimate at work with adaptive steps.
 */
import { array, evaluate, type HostTensor, mul, neg, pow, sumOfSquares, type Tensor } from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { solve } from "../solve/solve.ts";
import { statusCodes } from "../solve/status.ts";
import { dprkn6 } from "./dprkn6.ts";
import { nystrom } from "./nystrom.ts";
import { type NystromTable, nystromTable } from "./nystrom-table.ts";
import { nystromTrees } from "./nystrom-tree.ts";

const classic: NystromTable = {
  name: "classic",
  order: 4,
  fsal: false,
  symplectic: false,
  symmetric: false,
  c: [0, 1 / 2, 1],
  a: [[], [1 / 8], [0, 1 / 2]],
  b: [1 / 6, 4 / 6, 1 / 6],
  bBar: [1 / 6, 1 / 3, 0],
  cites: [],
};
const verlet: NystromTable = {
  ...classic,
  order: 2,
  fsal: true,
  symplectic: true,
  symmetric: true,
  c: [0, 1],
  a: [[], [1 / 2]],
  b: [1 / 2, 1 / 2],
  bBar: [1 / 2, 0],
};

describe("nystromTable", () => {
  it("counts special Nyström trees as in the literature", () => {
    expect([1, 2, 3, 4, 5, 6, 7].map((order) => nystromTrees(order).length)).toEqual([1, 1, 2, 3, 6, 10, 20]);
  });

  it("fills rows and freezes a correct table", () => {
    const table = nystromTable(classic);
    expect(table.a[1]).toEqual([1 / 8, 0, 0]);
    expect(Object.isFrozen(table)).toBe(true);
  });

  it.each([
    ["the velocity to meet every condition of order 1", classic, { b: [1 / 6, 4 / 6, 1 / 7] }],
    ["the position to meet every condition of order 2", classic, { bBar: [1 / 6, 1 / 4, 0] }],
    ["the velocity to meet every condition of order 3", classic, { a: [[], [1 / 7], [0, 1 / 2]] }],
    ["the position to meet every condition of order 5", classic, { order: 5 }],
    ["the conditions of Suris for a symplectic method to hold", classic, { symplectic: true }],
    ["row 1 of a to be explicit", classic, { a: [[1], [1 / 8], [0, 1 / 2]] }],
    ["the last node to be 1", verlet, { c: [0, 0.9] }],
    ["the last row of a to be bBar at 1", verlet, { a: [[], [1 / 3]] }],
    [
      "the embedded weights of the velocity to meet every condition of order 2",
      verlet,
      { embeddedOrder: 2, error: { b: [-1 / 2, 1 / 2], bBar: [0, 0] } },
    ],
  ] as const)("refuses: expected %s", (what, table, change) => {
    expect(() => nystromTable({ ...table, ...change } as NystromTable)).toThrow(
      `Cannot use the coefficients of classic: expected ${what}, got a defect of `,
    );
  });
});

describe("nystrom", () => {
  it("wants the first stage at the start of the step", () => {
    const middle = { ...classic, order: 2, c: [1 / 2], a: [[]], b: [1], bBar: [1 / 2] };
    expect(() => nystrom(nystromTable(middle))).toThrow(
      "Cannot make a solver of classic: expected a first node of 0, got 0.5",
    );
  });
});

describe("dprkn6", () => {
  interface State {
    readonly q: Tensor;
    readonly p: Tensor;
  }

  /**
   * One revolution of Kepler's ellipse of eccentricity 0.5 from perihelion: the distance from the start, and the steps.
   */
  function revolution(rtol: number): { readonly error: number; readonly accepted: number } {
    const found = evaluate(
      (y0: State) => {
        const { y, status, statistics } = solve({
          field: (_t, { q, p }: State) => ({ q: p, p: neg(mul(q, pow(sumOfSquares(q), -1.5))) }),
          t0: 0,
          t1: 2 * Math.PI,
          y0,
          solver: dprkn6,
          rtol,
          atol: rtol,
        });
        return { y, status, accepted: statistics.accepted };
      },
      { q: array([0.5, 0]), p: array([0, Math.sqrt(3)]) } as never,
    ) as unknown as {
      readonly y: { readonly q: HostTensor; readonly p: HostTensor };
      readonly status: HostTensor;
      readonly accepted: HostTensor;
    };
    expect(found.status.data[0]).toBe(statusCodes.success);
    const end = [...found.y.q.data, ...found.y.p.data];
    const start = [0.5, 0, 0, Math.sqrt(3)];
    const distances = end.map((value, i) => Math.abs(value - (start[i] as number)));
    return { error: Math.max(...distances), accepted: found.accepted.data[0] as number };
  }

  it("chooses its steps from its error estimate", () => {
    const [coarse, fine] = [revolution(1e-6), revolution(1e-10)];
    expect(coarse.error).toBeLessThan(1e-4);
    expect(fine.error).toBeLessThan(1e-8);
    expect(fine.accepted).toBeGreaterThan(3 * coarse.accepted);
    expect(fine.accepted).toBeLessThan(400);
  });
});
