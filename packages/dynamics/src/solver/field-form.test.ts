import {
  add,
  array,
  at,
  concatenate,
  cos,
  div,
  evaluate,
  grad,
  type HostTensor,
  matmul,
  mul,
  neg,
  sin,
  slice,
  square,
  stack,
  sub,
  sum,
  type Tensor,
  tanh,
  vmap,
  zeros,
} from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { solveOnGrid } from "../solve/fixed-grid.ts";
import { solve } from "../solve/solve.ts";
import { constantStepSize } from "../step-size/step-size.ts";
import { expectFieldForm } from "./field-form.ts";
import { solverNamed } from "./registry.ts";
import { reversible } from "./reversible.ts";
import type { Field } from "./solver.ts";

type State = { readonly q: Tensor; readonly p: Tensor };

/** What the check of a field says: nothing, or its message. */
function verdict<Y>(solver: string, field: Field<Y>, y: Y): string {
  let message = "";
  evaluate((state: Y) => {
    try {
      expectFieldForm(solverNamed(solver), field, state);
    } catch (error) {
      message = (error as Error).message.split("\n")[0] as string;
    }
    return zeros([]);
  }, y as never);
  return message;
}

const halves = { q: array([0.3, -0.2]), p: array([0.4, 0.1]) } as unknown as State;
const whole = array([0.3, -0.2, 0.4, 0.1]) as unknown as Tensor;
const field =
  (rates: (q: Tensor, p: Tensor) => [Tensor, Tensor]): Field<State> =>
  (_t, { q, p }) => {
    const [first, second] = rates(q, p);
    return { q: first, p: second };
  };
const asArray =
  (inner: Field<State>): Field<Tensor> =>
  (t, y) => {
    const { q, p } = inner(t, { q: slice(y, 0, 0, 2), p: slice(y, 0, 2) });
    return concatenate([q, p]);
  };
const byEntries: Field<Tensor> = (t, y) =>
  stack([at(y, 2), at(y, 3), sub(sin(t), at(y, 0)), neg(mul(at(y, 1), at(y, 0)))]);

const springs = field((q, p) => [p, neg(q)]);
const massive = field((q, p) => [stack([add(at(p, 0), at(p, 1)), at(p, 0)]), neg(sin(q))]);
const relativistic = field((q, p) => [div(p, add(1, square(p))), neg(q)]);
const damped = field((q, p) => [p, sub(neg(q), mul(0.1, p))]);
const coupled = field((q, p) => [mul(p, cos(q)), mul(square(p), sin(q))]);

describe("expectFieldForm", () => {
  it.each([
    ["stormerVerlet", springs],
    ["stormerVerlet", massive],
    ["stormerVerlet", relativistic],
    ["blanesMoanNystrom4", massive],
    ["velocityVerlet", springs],
    ["dprkn6", springs],
    ["tao2", coupled],
    ["rk4", damped],
  ] as const)("lets %s have a field of its form", (solver, one) => {
    expect(verdict(solver, one, halves)).toBe("");
    expect(verdict(solver, asArray(one), whole)).toBe("");
  });

  it.each([
    ["stormerVerlet", damped, "rates of the momenta that do not depend on the momenta (a derivative of 0)"],
    ["stormerVerlet", coupled, "rates of the positions that do not depend on the positions (a derivative of 0)"],
    [
      "blanesMoanNystrom6",
      relativistic,
      "rates of the positions that are linear in the momenta (a second derivative of 0)",
    ],
    ["velocityVerlet", massive, "rates of the positions that are the velocities (a difference of 0)"],
    ["nystrom4", damped, "rates of the momenta that do not depend on the momenta (a derivative of 0)"],
  ] as const)("tells that %s cannot have another: it expects %s", (solver, one, words) => {
    const message = `Cannot solve with ${solver}: expected ${words}, got `;
    expect(verdict(solver, one, halves)).toContain(message);
    expect(verdict(solver, asArray(one), whole)).toContain(message);
  });

  it("sees through arrays that are taken apart entry by entry", () => {
    expect(verdict("velocityVerlet", byEntries, whole)).toBe("");
    const mixed: Field<Tensor> = (t, y) =>
      add(byEntries(t, y), mul(0.01, stack([at(y, 0), at(y, 3), at(y, 1), at(y, 0)])));
    expect(verdict("stormerVerlet", mixed, whole)).toContain(
      "rates of the positions that do not depend on the positions",
    );
  });

  it("sees through gradients of networks and what they close over", () => {
    const found: string[] = [];
    evaluate(
      (weights: Tensor, y: Tensor) => {
        const energy = (z: Tensor): Tensor => sum(tanh(matmul(weights, z)));
        const learned: Field<Tensor> = (_t, z) => {
          const slope = grad(energy)(z) as unknown as Tensor;
          return concatenate([slice(slope, 0, 2), neg(slice(slope, 0, 0, 2))]);
        };
        const forced: Field<Tensor> = (_t, z) => {
          const slope = grad((q: Tensor) => energy(concatenate([q, zeros([2])])))(
            slice(z, 0, 0, 2),
          ) as unknown as Tensor;
          return concatenate([slice(z, 0, 2), neg(slope)]);
        };
        for (const one of [learned, forced]) {
          try {
            expectFieldForm(solverNamed("yoshida4"), one, y);
            found.push("fits");
          } catch {
            found.push("refused");
          }
        }
        return y;
      },
      array(
        Array.from({ length: 12 }, (_, i) => Math.sin(i)),
        [3, 4],
      ) as never,
      whole as never,
    );
    expect(found).toEqual(["refused", "fits"]);
  });

  it("asks the same of the reversible form of a solver", () => {
    let message = "";
    evaluate((state: State) => {
      try {
        expectFieldForm(reversible(solverNamed("stormerVerlet")), damped, state);
      } catch (error) {
        message = (error as Error).message;
      }
      return state;
    }, halves as never);
    expect(message).toContain("Cannot solve with reversible(stormerVerlet): expected rates of the momenta");
  });

  it("leaves nothing in the program", () => {
    const plain = evaluate((y: State) => y.q, halves as never) as unknown as HostTensor;
    expect(verdict("stormerVerlet", springs, halves)).toBe("");
    expect([...plain.data]).toEqual([0.3, -0.2]);
  });
});

describe("solve", () => {
  const run = (solver: string, one: Field<State>) => () =>
    evaluate(
      (y0: State) =>
        solve({ field: one, t0: 0, t1: 1, y0, solver: solverNamed(solver), stepSize: constantStepSize(), dt0: 0.1 }).y,
      halves as never,
    );

  it("refuses a symplectic solver on friction, and takes one that needs no structure", () => {
    expect(run("stormerVerlet", damped)).toThrow(
      /Cannot solve with stormerVerlet: expected rates of the momenta that do not depend on the momenta/,
    );
    expect(run("rk4", damped)).not.toThrow();
  });

  it("refuses it on a grid with held values too", () => {
    const onGrid = (held: number): unknown =>
      evaluate(
        (y0: State, friction: Tensor) =>
          solveOnGrid({
            field: (_t, { q, p }, now: { friction: Tensor }) => ({ q: p, p: sub(neg(q), mul(now.friction, p)) }),
            times: [0, 0.1, 0.2],
            y0,
            solver: solverNamed("stormerVerlet"),
            held: { friction },
          }),
        halves as never,
        array([held, held]) as never,
      );
    expect(() => onGrid(0.3)).toThrow(/Cannot solve with stormerVerlet/);
  });
});

describe("under transforms", () => {
  it("is asked once for all members, and gradients pass by", () => {
    const end = (stiffness: Tensor, y0: State): Tensor =>
      sum(
        solve({
          field: (_t, { q, p }) => ({ q: p, p: neg(mul(stiffness, q)) }),
          t0: 0,
          t1: 1,
          y0,
          solver: solverNamed("yoshida4"),
          stepSize: constantStepSize(),
          dt0: 0.1,
        }).y.q,
      );
    const members = (stiffness: Tensor): Tensor => vmap((one: Tensor) => end(one, halves), [0])(stiffness) as Tensor;
    const slopes = evaluate(
      ((stiffness: Tensor) => grad((k: Tensor) => sum(members(k)))(stiffness)) as never,
      array([1, 4]) as never,
    ) as unknown as HostTensor;
    // d/dk of q0 cos(sqrt(k)) + p0 sin(sqrt(k)) / sqrt(k), q0 = 0.1 and p0 = 0.5 in sum.
    const exact = (k: number): number => {
      const w = Math.sqrt(k);
      return (-0.1 * Math.sin(w) + 0.5 * (Math.cos(w) / w - Math.sin(w) / k)) / (2 * w);
    };
    expect(slopes.data[0]).toBeCloseTo(exact(1), 4);
    expect(slopes.data[1]).toBeCloseTo(exact(4), 4);
  });
});
