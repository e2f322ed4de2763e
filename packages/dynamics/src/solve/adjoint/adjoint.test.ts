import {
  add,
  array,
  at,
  compile,
  grad,
  type HostTensor,
  mul,
  neg,
  reference,
  sin,
  square,
  stack,
  sum,
  type Tensor,
  wasm,
} from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { reversible } from "../../solver/reversible.ts";
import { rk4 } from "../../solver/rk4.ts";
import { tsit5 } from "../../solver/tsit5.ts";
import { constantStepSize } from "../../step-size/step-size.ts";
import type { SolveOptions } from "../options.ts";
import { solve } from "../solve.ts";
import type { Adjoint } from "./adjoint.ts";

type Point = { readonly y0: Tensor; readonly k: Tensor };
type Options = Partial<SolveOptions<Tensor, Tensor>>;

/** A driven pendulum, its stiffness an argument, its drive captured. */
const loss =
  (options: Options, drive = 0.2) =>
  ({ y0, k }: Point): Tensor => {
    const amplitude = mul(k, drive);
    const field = (t: Tensor, y: Tensor, stiffness: Tensor): Tensor =>
      stack([at(y, 1), add(neg(mul(stiffness, sin(at(y, 0)))), mul(amplitude, sin(mul(2, t))))]);
    const { y, states } = solve({ field, t0: 0, t1: 3, y0, args: k, maxSteps: 64, ...options });
    return add(sum(square(states)), mul(0.3, sum(y)));
  };
const point = { y0: array([1.2, 0.3]), k: array(1.3) };
const flat = (tree: unknown): number[] => {
  const { y0, k } = tree as Record<"y0" | "k", HostTensor>;
  return [...y0.data, ...k.data];
};
const gradientOf = (options: Options, target = reference()): number[] =>
  flat(compile(grad(loss(options)) as never, [point], target).callSync(point));
/** Largest difference, relative to the size of the second. */
const defect = (found: readonly number[], wanted: readonly number[]): number =>
  Math.max(...found.map((x, i) => Math.abs(x - (wanted[i] as number)))) / Math.hypot(...wanted);

const times = [0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 1.7, 3];
const forms: readonly (readonly [string, Options])[] = [
  ["the end", {}],
  ["saved times", { saveAt: { times } }],
  ["every step", { saveAt: { steps: true } }],
  ["equal steps", { saveAt: { times }, solver: rk4, stepSize: constantStepSize(), dt0: 0.05 }],
];

describe.each(forms)("gradients of %s", (_, form) => {
  it.each<Adjoint>(["checkpointed", "forward"])("by %s are those of the replay", (adjoint) => {
    // Targets may choose steps that differ in the last bit, and with them the times that are saved.
    for (const target of [reference(), wasm()]) {
      expect(defect(gradientOf({ ...form, adjoint }, target), gradientOf(form, target))).toBeLessThan(1e-12);
    }
  });
});

describe.each(forms)("the gradient of a reversible solver for %s", (_, form) => {
  it("is that of its replay, to rounding", () => {
    const solver = form.solver ?? tsit5;
    for (const target of [reference(), wasm()]) {
      const exact = gradientOf({ ...form, solver: reversible(solver) }, target);
      expect(defect(gradientOf({ ...form, solver, adjoint: "reversible" }, target), exact)).toBeLessThan(1e-11);
    }
  });
});

describe.each<"backsolve" | "interpolating">(["backsolve", "interpolating"])("%s", (kind) => {
  const truth = gradientOf({ saveAt: { times }, rtol: 1e-13, atol: 1e-13, maxSteps: 2048 });

  it("converges to the gradient of the equation as the tolerance falls", () => {
    const errors = [1e-5, 1e-7, 1e-9].map((tolerance) =>
      defect(gradientOf({ saveAt: { times }, rtol: tolerance, atol: tolerance, maxSteps: 512, adjoint: kind }), truth),
    );
    [2e-4, 2e-6, 2e-8].forEach((bound, i) => {
      expect(errors[i]).toBeLessThan(bound);
    });
  });

  it("has tolerances of its own", () => {
    const options: Options = { saveAt: { times }, rtol: 1e-11, atol: 1e-11, maxSteps: 1024 };
    const loose = defect(gradientOf({ ...options, adjoint: { kind, rtol: 1e-4, atol: 1e-4 } }), truth);
    const tight = defect(gradientOf({ ...options, adjoint: kind }), truth);
    expect(tight).toBeLessThan(1e-9);
    expect(loose).toBeGreaterThan(100 * tight);
  });

  it("works on Wasm, for the end alone, and for equal steps", () => {
    for (const [, form] of forms) {
      const options: Options = {
        ...form,
        adjoint: kind,
        rtol: 1e-9,
        atol: 1e-9,
        maxSteps: 512,
        ...(form.dt0 ? { dt0: 0.01 } : {}),
      };
      const found = gradientOf(options, wasm());
      expect(defect(found, gradientOf({ ...options, adjoint: "replay" }))).toBeLessThan(form.dt0 ? 2e-7 : 2e-8);
    }
  });
});
