/**
 * The discrete gradient by forward sensitivities: the steps are walked once with the tangents of all directions side by
 * side. Memory does not grow with the steps, work does with the number of directions: for few parameters.
 */
import {
  add,
  convert,
  customJvp,
  equal,
  iota,
  linearCall,
  mul,
  reshape,
  sizeOf,
  slice,
  sum,
  type Tensor,
  vmap,
} from "@leastaction/tensor";
import { tensorsOf } from "../../nn/tensor-tree.ts";
import type { Problem } from "../problem.ts";
import type { StepRecord } from "../step-record.ts";
import { closedWalk, type Variables, type WalkConstants, type WalkResult } from "./closed-walk.ts";
import { derivativeAlong, leavesOrNull } from "./maybe-tangents.ts";
import type { Reading } from "./reading.ts";
import type { Reads } from "./reads.ts";
import { inGivenOrder } from "./walk.ts";

/** The end and the states at the reads; the steps and the times of the reads are constants. */
export function forwardly<Y>(problem: Problem<Y>, record: StepRecord, reads: Reads | null): Reading<Y> {
  const closed = closedWalk(problem, record, reads);
  const run = customJvp(
    closed.run,
    ([x, constants], _, [tangent]) => {
      const leaves = tensorsOf(x);
      const tangents = leavesOrNull(tangent);
      const wanted = tangents.map((leaf) => leaf !== null);
      const moving = tangents.filter((leaf) => leaf !== null);
      const along = ({ at, fixed }: Residuals<Y>, directions: readonly Tensor[]): WalkResult<Y> => {
        let next = 0;
        const all = wanted.map((flag) => (flag ? (directions[next++] as Tensor) : null));
        return derivativeAlong((variables) => closed.run(variables, fixed), at, all);
      };
      const sensitive = leaves.filter((_leaf, i) => wanted[i] === true);
      return linearCall(
        along,
        (given, cotangent: WalkResult<Y>) =>
          pulledBack(sensitive, (directions) => weighted(along(given, directions), cotangent)),
        { at: x, fixed: constants },
        moving,
      );
    },
    { symbolicZeros: true },
  );
  const { end, states } = run(closed.variables, closed.constants);
  const [read] = states;
  return {
    y: end.y,
    states: reads === null || read === undefined ? null : inGivenOrder(problem, record, reads, read),
  };
}

interface Residuals<Y> {
  readonly at: Variables<Y>;
  readonly fixed: WalkConstants;
}

/** The gradient of a linear function from its values in the directions of a basis. */
function pulledBack(like: readonly Tensor[], f: (directions: readonly Tensor[]) => Tensor): readonly Tensor[] {
  const sizes = like.map(({ shape }) => sizeOf(shape));
  const total = sizes.reduce((a, b) => a + b, 0);
  const basis = equal(iota([total, total], 0), iota([total, total], 1));
  let from = 0;
  const directions = like.map(({ dtype, shape }, i) => {
    const part = slice(basis, 1, from, from + (sizes[i] as number));
    from += sizes[i] as number;
    return reshape(convert(part, dtype), [total, ...shape]);
  });
  const values = vmap((...given: readonly Tensor[]) => f(given))(...directions);
  from = 0;
  return like.map(({ dtype, shape }, i) => {
    const part = slice(values, 0, from, from + (sizes[i] as number));
    from += sizes[i] as number;
    return reshape(convert(part, dtype), shape);
  });
}

/** The product of a tangent and a cotangent of the results: float64 scalar. */
function weighted(tangent: unknown, cotangent: unknown): Tensor {
  const weights = tensorsOf(cotangent);
  return tensorsOf(tangent)
    .map((leaf, i) => convert(sum(mul(leaf, weights[i] as Tensor)), "float64"))
    .reduce((a, b) => add(a, b));
}
