/**
 * One long integration on the WebAssembly target in float64, and what its energy did in
 * each period: mean, least and greatest error.
 */
import type { Solver } from "@leastaction/dynamics";
import {
  add,
  array,
  compile,
  full,
  type HostTensor,
  maximum,
  minimum,
  mul,
  scan,
  sub,
  type Tensor,
  wasm,
} from "@leastaction/tensor";
import type { Problem, State } from "./problem.ts";

/** H - H(start), by period. */
export interface EnergyRun {
  readonly means: readonly number[];
  readonly least: readonly number[];
  readonly greatest: readonly number[];
}

interface Carry {
  readonly y: State;
  readonly memory: readonly State[];
}

/** Integrates `periods` periods of `steps` equal steps. */
export function energyRun(problem: Problem, solver: Solver, steps: number, periods: number): EnergyRun {
  const { start, period } = problem;
  const field = (_t: Tensor, { q, p }: State): State => ({ q: p, p: problem.force(q) });
  const run = (q: Tensor, p: Tensor) => {
    const first: State = { q, p };
    const reference = problem.energy(first);
    const zero = sub(reference, reference);
    const h = add(zero, period / steps);
    const oneStep = ({ y, memory }: Carry): Carry => {
      const step = solver.step(field, zero, h, y, memory);
      return { y: step.y, memory: step.memory };
    };
    const onePeriod = (carry: Carry) => {
      const begin = { carry, total: zero, least: full([], Infinity), greatest: full([], -Infinity) };
      const [end] = scan<typeof begin, Record<string, never>, Record<string, never>>(
        (now) => {
          const next = oneStep(now.carry);
          const error = sub(problem.energy(next.y), reference);
          const { total, least, greatest } = now;
          const summary = {
            total: add(total, error),
            least: minimum(least, error),
            greatest: maximum(greatest, error),
          };
          return [{ carry: next, ...summary }, {}];
        },
        begin,
        {},
        { bound: steps },
      );
      return end;
    };
    const [, series] = scan<Carry, Record<string, never>, { mean: Tensor; least: Tensor; greatest: Tensor }>(
      (carry) => {
        const { carry: next, total, least, greatest } = onePeriod(carry);
        return [next, { mean: mul(total, 1 / steps), least, greatest }];
      },
      { y: first, memory: solver.start(field, zero, first) },
      {},
      { bound: periods },
    );
    return series;
  };
  const [q, p] = [array([...start.q]), array([...start.p])];
  const found = compile(run, [q, p] as never, wasm()).callSync(q as never, p as never);
  const { mean, least, greatest } = found as unknown as Record<"mean" | "least" | "greatest", HostTensor>;
  return { means: [...mean.data], least: [...least.data], greatest: [...greatest.data] };
}
