/**
 * Hostile right-hand sides: whatever the field is, an integration ends, does not throw, and tells the truth about how.
 */
import {
  abs,
  add,
  array,
  at,
  compile,
  div,
  evaluate,
  exp,
  full,
  grad,
  greater,
  type HostTensor,
  log,
  mul,
  neg,
  reference,
  select,
  sign,
  sin,
  sqrt,
  square,
  stack,
  sub,
  sum,
  type Tensor,
  vmap,
} from "@leastaction/tensor";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bosh3 } from "../solver/bosh3.ts";
import { dop853 } from "../solver/dop853.ts";
import { dopri5 } from "../solver/dopri5.ts";
import { rk4 } from "../solver/rk4.ts";
import { tao } from "../solver/tao.ts";
import { tsit5 } from "../solver/tsit5.ts";
import { vern7 } from "../solver/vern7.ts";
import { pi } from "../step-size/pi.ts";
import { pid } from "../step-size/pid.ts";
import { constantStepSize } from "../step-size/step-size.ts";
import type { SolveOptions } from "./options.ts";
import { solve } from "./solve.ts";
import { statusCodes, statusNames } from "./status.ts";

type Law = (t: Tensor, y: Tensor) => Tensor;
type Options = Partial<SolveOptions<Tensor, undefined>>;

const constantly =
  (value: number): Law =>
  (_t, y) =>
    full([], value, y.dtype);

/** What one component may do. */
const laws: Readonly<Record<string, Law>> = {
  zero: constantly(0),
  "not a number": constantly(Number.NaN),
  infinite: constantly(Infinity),
  "minus infinity": constantly(-Infinity),
  huge: constantly(1e300),
  denormal: constantly(5e-324),
  "growing like exp": (_t, y) => mul(y, 40),
  "growing like exp(exp)": (_t, y) => exp(y),
  squares: (_t, y) => square(y),
  "a root": (_t, y) => neg(sqrt(y)),
  "a logarithm": (_t, y) => log(y),
  "a pole in time": (t) => div(1, sub(t, 0.3)),
  "a pole in the state": (_t, y) => div(-1, y),
  "a jump in time": (t, y) => select(greater(t, 0.4), full([], -1, y.dtype), y),
  "sliding on a jump": (_t, y) => neg(sign(y)),
  "not a number later": (t, y) => select(greater(t, 0.6), full([], Number.NaN, y.dtype), neg(y)),
  "very stiff": (_t, y) => mul(y, -1e7),
  "very fast": (t) => mul(1e4, sin(mul(t, 1e5))),
  cusp: (_t, y) => sqrt(abs(y)),
  calm: (t, y) => sub(sin(t), y),
};

const adaptive = fc.record({
  solver: fc.constantFrom(tsit5, dopri5, bosh3, vern7, dop853),
  stepSize: fc.constantFrom(pid(), pi(), pid({ dtMin: 1e-6 }), pid({ dtMax: 0.1 })),
  rtol: fc.constantFrom(1e-3, 1e-6, 1e-13),
  atol: fc.constantFrom(0, 1e-9),
  maxSteps: fc.constantFrom(1, 7, 60),
  tStops: fc.constantFrom([], [0.4], [0.3, 0.3, 0.6]),
});
const equal = fc.record({
  solver: fc.constantFrom(rk4, tsit5, tao()),
  stepSize: fc.constant(constantStepSize()),
  dt0: fc.constantFrom(0.07, 5),
  maxSteps: fc.constantFrom(1, 7, 60),
});
const anyOptions: fc.Arbitrary<Options> = fc.oneof(adaptive, equal);
const anyLaw = fc.constantFrom(...Object.keys(laws));
const anyStart = fc.constantFrom(1, -1, 0, 1e-300, 1e300, 5e-324, -1e12);
const anySpan = fc.constantFrom<readonly [number, number]>(
  [0, 1],
  [1, 0],
  [-1e9, -1e9 + 1],
  [0, 1e-300],
  [0, 1e300],
  [2, 2],
);

interface Found {
  readonly t: HostTensor;
  readonly y: HostTensor;
  readonly status: HostTensor;
  readonly count: HostTensor;
  readonly times: HostTensor;
  readonly states: HostTensor;
  readonly statistics: Record<"accepted" | "rejected", HostTensor>;
}

const field =
  (names: readonly string[]) =>
  (t: Tensor, y: Tensor): Tensor =>
    stack(names.map((name, i) => (laws[name] as Law)(t, at(y, i))));
const numbers = ({ data }: HostTensor): number[] => Array.from(data);

/** What holds for every result. */
function expectTruth(
  found: Found,
  [t0, t1]: readonly [number, number],
  maxSteps: number,
  overflow: string | null,
): void {
  const [t, status] = [found.t.data[0] as number, statusNames[found.status.data[0] as number]];
  const accepted = found.statistics.accepted.data[0] as number;
  expect(status).toBeDefined();
  expect(accepted).toBeLessThanOrEqual(maxSteps);
  expect(t >= Math.min(t0, t1) && t <= Math.max(t0, t1)).toBe(true);
  if (status !== overflow) expect([...numbers(found.y), ...numbers(found.states)].every(Number.isFinite)).toBe(true);
  if (status === "success") expect(t).toBe(t1);
  else if (t0 !== t1) expect(t).not.toBe(t1);
  if (status === "maxStepsReached") expect(accepted).toBe(maxSteps);
  const times = numbers(found.times).slice(0, found.count.data[0]);
  expect(times.at(-1)).toBe(t);
}

describe("an integration of anything", () => {
  it("ends and tells the truth", () => {
    fc.assert(
      fc.property(fc.tuple(anyLaw, anyLaw), anyOptions, anyStart, anySpan, (names, options, start, span) => {
        const found = evaluate(() =>
          solve({
            field: field(names),
            t0: span[0],
            t1: span[1],
            y0: array([start, 0.5]),
            saveAt: { steps: true },
            ...options,
          }),
        ) as unknown as Found;
        // A state may overflow in an accepted step when its field does not: then the status alone tells.
        const overflows = names.includes("huge") && span[1] === 1e300;
        expectTruth(found, span, options.maxSteps as number, overflows ? "nonFinite" : null);
      }),
      { numRuns: 150, seed: 20_261_121 },
    );
  });

  it("never spoils the gradients of another member of its batch", () => {
    fc.assert(
      fc.property(anyLaw, anyOptions, anyStart, (name, options, start) => {
        const run = (scale: Tensor, y0: Tensor, bad: Tensor) => {
          // One law for the first component of the bad member; the good ones are calm in both.
          const law: Law = (t, y) => select(greater(bad, 0.5), (laws[name] as Law)(t, y), neg(y));
          const slope = (t: Tensor, y: Tensor): Tensor => stack([law(t, at(y, 0)), mul(scale, neg(at(y, 1)))]);
          return solve({ field: slope, t0: 0, t1: 1, y0, ...options });
        };
        const loss = (scale: Tensor, starts: Tensor, bad: Tensor): Tensor =>
          sum(vmap((y0: Tensor, flag: Tensor) => at(run(scale, y0, flag).y, 1))(starts, bad));
        const gradient = evaluate(
          (scale: Tensor, starts: Tensor, bad: Tensor) => ({
            slope: grad((x: Tensor) => loss(x, starts, bad))(scale),
            status: vmap((y0: Tensor, flag: Tensor) => run(scale, y0, flag).status)(starts, bad),
          }),
          array(0.7) as never,
          array([
            [1, 1],
            [start, 1],
          ]) as never,
          array([0, 1]) as never,
        ) as unknown as Record<"slope" | "status", HostTensor>;
        if (gradient.status.data[1] !== statusCodes.success) {
          const slope = gradient.slope.data[0] as number;
          const alone = gradient.status.data[0] === statusCodes.success ? -Math.exp(-0.7) : 0;
          expect(Math.abs(slope - alone)).toBeLessThan(options.dt0 === 5 ? 1 : 3e-3);
        }
      }),
      { numRuns: 60, seed: 20_261_121 },
    );
  });

  it("with times and lengths known at run time ends and tells the truth too", () => {
    const anyNumber = fc.constantFrom(0, 1, -1, 0.3, 1e-300, 1e300, Infinity, -Infinity, Number.NaN);
    const programs = [{}, { solver: rk4, stepSize: constantStepSize() }].map((options) =>
      compile(
        (t0: Tensor, t1: Tensor, dt0: Tensor, rtol: Tensor) =>
          solve({
            field: (t, y: Tensor) => sub(sin(t), y),
            y0: array([1]),
            t0,
            t1,
            dt0,
            rtol,
            maxSteps: 40,
            tStops: add(t0, array([0.1, 0.2])),
            saveAt: { steps: true },
            ...options,
          }),
        [0, 0, 0, 0],
        reference(),
      ),
    );
    fc.assert(
      fc.property(anyNumber, anyNumber, anyNumber, anyNumber, (t0, t1, dt0, rtol) => {
        for (const program of programs) {
          const found = program.callSync(t0, t1, dt0, rtol) as unknown as Found;
          const status = statusNames[found.status.data[0] as number];
          expect(status).toBeDefined();
          expect(numbers(found.y).every(Number.isFinite)).toBe(true);
          if (!Number.isFinite(t0) || !Number.isFinite(t1)) expect(status).not.toBe("success");
          else if (status === "success") expect(found.t.data[0]).toBe(t1);
        }
      }),
      { numRuns: 150, seed: 20_261_121 },
    );
  });
});
