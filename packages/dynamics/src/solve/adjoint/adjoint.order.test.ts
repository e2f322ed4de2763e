/**
 * Derivatives of derivatives, of times, of batches, and of members that fail.
 */
import {
  add,
  array,
  at,
  compile,
  cos,
  grad,
  type HostTensor,
  jvp,
  mul,
  neg,
  reference,
  sin,
  square,
  stack,
  sub,
  sum,
  type Tensor,
  vmap,
  wasm,
} from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import type { SolveOptions } from "../options.ts";
import { solve } from "../solve.ts";
import type { Adjoint, AdjointName } from "./adjoint.ts";

type Options = Partial<SolveOptions<Tensor, Tensor>>;
type Loss = (x: Tensor) => Tensor;

const adjoints: readonly Adjoint[] = ["replay", "checkpointed", "reversible", "forward", "backsolve", "interpolating"];
const tight: Options = { rtol: 1e-11, atol: 1e-12, maxSteps: 256 };
const numbersOf = (value: unknown): number[] => Array.from((value as HostTensor).data);

/** Of (q, p, stiffness): a pendulum saved at two times. */
const loss =
  (options: Options): Loss =>
  (x) => {
    const field = (_t: Tensor, y: Tensor): Tensor => stack([at(y, 1), neg(mul(at(x, 2), sin(at(y, 0))))]);
    const y0 = stack([at(x, 0), at(x, 1)]);
    return sum(square(solve({ field, t0: 0, t1: 2, y0, saveAt: { times: [0.7, 2] }, ...options }).states));
  };
const x = array([1.2, 0.3, 1.3]);
const direction = array([0.6, -0.5, 0.8]);
const run = (f: (...inputs: never[]) => unknown, ...inputs: HostTensor[]): number[] =>
  numbersOf(compile(f, inputs, reference()).callSync(...inputs));
/** The 8th-order difference of a vector function along the direction. */
const difference = (f: (...inputs: never[]) => unknown, h: number): number[] => {
  const compiled = compile(f, [x], reference());
  const shifted = (s: number): number[] =>
    numbersOf(
      compiled.callSync(array(x.data.map((value, i) => value + s * (direction.data[i] as number)) as Float64Array)),
    );
  const weights = [672, -168, 32, -3];
  const differences = weights.map((weight, k) => {
    const [up, down] = [shifted((k + 1) * h), shifted(-(k + 1) * h)];
    return up.map((value, i) => (weight * (value - (down[i] as number))) / (840 * h));
  });
  return differences.reduce((total, part) => total.map((value, i) => value + (part[i] as number)));
};
const defect = (found: readonly number[], wanted: readonly number[]): number =>
  Math.max(...found.map((value, i) => Math.abs(value - (wanted[i] as number)))) / Math.hypot(...wanted);

describe.each(adjoints)("%s", (adjoint) => {
  const f = loss({ ...tight, adjoint });

  it("gives forward what it gives backward", () => {
    const backward = run(grad(f), x);
    const [forward] = run((p: Tensor) => jvp(f, [p], [direction])[1], x);
    const along = backward.reduce((total, value, i) => total + value * (direction.data[i] as number), 0);
    expect(Math.abs((forward as number) / along - 1)).toBeLessThan(1e-9);
  });

  it("gives Hessian-vector products, forward over reverse and reverse over reverse", () => {
    const wanted = difference(grad(f), 0.02);
    const over = (p: Tensor): Tensor => jvp((v: Tensor) => grad(f)(v), [p], [direction])[1];
    const twice = grad((p: Tensor) => sum(mul(grad(f)(p), direction as unknown as Tensor)));
    expect(defect(run(over, x), wanted)).toBeLessThan(1e-7);
    expect(defect(run(twice, x), wanted)).toBeLessThan(1e-7);
  });

  it("gives each member of a batch its own", () => {
    const members = [x, array([0.4, -0.2, 2]), array([-2.5, 1, 0.6])];
    const batch = array(members.map((member) => Array.from(member.data)));
    const quick = loss({ maxSteps: 64, adjoint });
    const alone = members.flatMap((member) => run(grad(quick), member));
    for (const target of [reference(), wasm()]) {
      const together = numbersOf(compile(vmap(grad(quick)), [batch], target).callSync(batch));
      expect(defect(together, alone)).toBeLessThan(1e-9);
    }
  });

  it("leaves a member that fails out, and the others whole", () => {
    // The second member has left the numbers before the end; the rate is shared by all.
    const starts = array([[0.2], [1], [-3]]);
    const total =
      (which: HostTensor): ((rate: Tensor) => Tensor) =>
      (rate) => {
        const one = (y0: Tensor): Tensor =>
          solve({ field: (_t, y: Tensor) => mul(rate, square(y)), t0: 0, t1: 2, y0, maxSteps: 64, adjoint }).y;
        return sum(vmap(one)(which as unknown as Tensor));
      };
    const rate = array(1);
    const [found] = run(grad(total(starts)), rate);
    const [wanted] = run(grad(total(array([[0.2], [-3]]))), rate);
    expect(Math.abs((found as number) / (wanted as number) - 1)).toBeLessThan(1e-9);
  });
});

describe.each<AdjointName>(["backsolve", "interpolating"])("%s", (adjoint) => {
  const field = (t: Tensor, y: Tensor): Tensor => stack([at(y, 1), add(neg(sin(at(y, 0))), mul(0.3, sin(mul(2, t))))]);

  it("has derivatives with respect to the start, the end and the saved times", () => {
    const f: Loss = (times) => {
      const [t0, t1, saved] = [at(times, 0), at(times, 1), stack([at(times, 2), at(times, 3)])];
      const { y, states } = solve({
        field,
        t0,
        t1,
        y0: array([1.2, 0.3]),
        saveAt: { times: saved },
        ...tight,
        adjoint,
      });
      return add(sum(square(states)), sum(y));
    };
    // The saved times are not in order.
    const times = array([0.1, 2, 1.6, 0.7]);
    const compiled = compile(f, [times], reference());
    const shifted = (i: number, s: number): number =>
      numbersOf(
        compiled.callSync(array(times.data.map((value, k) => (k === i ? value + s : value)) as Float64Array)),
      )[0] as number;
    const wanted = [0, 1, 2, 3].map((i) => {
      const [h, odd] = [0.02, (k: number): number => shifted(i, k * 0.02) - shifted(i, -k * 0.02)];
      return (672 * odd(1) - 168 * odd(2) + 32 * odd(3) - 3 * odd(4)) / (840 * h);
    });
    expect(defect(run(grad(f), times), wanted)).toBeLessThan(1e-8);
  });

  it("integrates backward in time", () => {
    const back =
      (kind: AdjointName): Loss =>
      (y0) =>
        sum(
          square(solve({ field, t0: 2, t1: -1, y0, saveAt: { times: [1.5, 0, -1] }, ...tight, adjoint: kind }).states),
        );
    const y0 = array([0.4, -0.2]);
    expect(defect(run(grad(back(adjoint)), y0), run(grad(back("replay")), y0))).toBeLessThan(1e-8);
  });

  it("gives NaN, not a wrong number, when the backward integration fails", () => {
    const f = loss({ ...tight, adjoint: { kind: adjoint as "backsolve", maxSteps: 2 } });
    expect(run(grad(f), x).every(Number.isNaN)).toBe(true);
  });
});

describe("an equation that cannot be integrated back", () => {
  /** y' = -30 (y - cos t): what is left of an error after 1 was 1e13 times as large before. */
  const decays =
    (adjoint: Adjoint): Loss =>
    (y0) => {
      const field = (t: Tensor, y: Tensor): Tensor => mul(-30, sub(y, cos(mul(t, at(y0, 1)))));
      const { y } = solve({ field, t0: 0, t1: 1.2, y0: stack([at(y0, 0)]), maxSteps: 512, adjoint });
      return sum(square(y));
    };
  const start = array([2, 1]);

  it("gives NaN by backsolve, and the gradient by interpolating", () => {
    const exact = run(grad(decays("replay")), start);
    expect(run(grad(decays("backsolve")), start).every(Number.isNaN)).toBe(true);
    expect(defect(run(grad(decays("interpolating")), start), exact)).toBeLessThan(1e-4);
  });
});
