/**
 * From checked coefficients to a solver: the one implementation of all splittings into drifts and kicks.
 *
 * The field is used by halves: in a drift the rates of the positions, which may depend on the momenta and time, in a
 * kick those of the momenta, which may depend on the positions and time. Time runs with what rests: kicks see the time
 * the drifts have reached, drifts that of the kicks, so that the order also holds for fields that depend on time. When
 * the first and the last flow are of one kind, what the last one used is used again by the next step.
 */
import { add, mul, type Tensor } from "@leastaction/tensor";
import { zerosOf } from "../nn/tensor-tree.ts";
import { hermiteDense, hermiteOrder, hermiteValues } from "./hermite-dense.ts";
import { combine } from "./linear-combination.ts";
import { type Halves, halvesOf, joinHalves } from "./phase-space.ts";
import type { Field, Solver, SolverStep, Structure } from "./solver.ts";
import type { SplittingCoefficients } from "./splitting-coefficients.ts";
import { canonicalForm } from "./symplectic-form.ts";

type Half = keyof Halves;

/** The solver of a splitting. Its step throws for a state that is not made of positions and momenta. */
export function splitting(coefficients: SplittingCoefficients): Solver {
  const { name, order, field: form, weights, first, symmetric, denseWithinStep, cites } = coefficients;
  const again = weights.length % 2 === 1;
  return Object.freeze({
    name,
    order,
    denseOrder: hermiteOrder(order, denseWithinStep),
    fsal: again,
    implicit: false,
    symplectic: true,
    structure: Object.freeze<Structure>({ field: form, space: "canonical", form: canonicalForm }),
    symmetric,
    evaluations: weights.length - (again ? 1 : 0),
    startEvaluations: again ? 1 : 0,
    cites,
    start: <Y>(field: Field<Y>, t: Tensor, y: Y): readonly Y[] =>
      again ? [only(firstMoved(first), y, field(t, y))] : [],
    step: <Y>(field: Field<Y>, t: Tensor, h: Tensor, y: Y, memory: readonly Y[]): SolverStep<Y> =>
      step(coefficients, field, t, h, y, memory),
  });
}

function step<Y>(
  { order, weights, first, denseWithinStep }: SplittingCoefficients,
  field: Field<Y>,
  t: Tensor,
  h: Tensor,
  y: Y,
  memory: readonly Y[],
): SolverStep<Y> {
  const clocks = { positions: 0, momenta: 0 };
  let [state, rates] = [halvesOf(y), memory[0]];
  weights.forEach((weight, i) => {
    const [moved, rests]: [Half, Half] =
      (i % 2 === 0) === (first === "drift") ? ["positions", "momenta"] : ["momenta", "positions"];
    if (i > 0 || rates === undefined) rates = field(timeAt(t, h, clocks[rests]), joinHalves(y, state));
    state = { ...state, [moved]: combine(state[moved], h, [weight], [halvesOf(rates)[moved]]) };
    // The last of each kind ends at the end of the step, whatever the rounding of the sum.
    clocks[moved] = i >= weights.length - 2 ? 1 : clocks[moved] + weight;
  });
  const next = joinHalves(y, state);
  return {
    y: next,
    error: null,
    memory: weights.length % 2 === 1 ? [only(firstMoved(first), y, rates as Y)] : [],
    dense: () => hermiteDense(field, { t, h, y, next }, hermiteValues(order, denseWithinStep)),
  };
}

function firstMoved(first: "drift" | "kick"): Half {
  return first === "drift" ? "positions" : "momenta";
}

function timeAt(t: Tensor, h: Tensor, share: number): Tensor {
  return share === 0 ? t : add(t, share === 1 ? h : mul(h, share));
}

/** The rates of one half, zeros in the other: what is handed on does not hold what nobody uses. */
function only<Y>(half: Half, like: Y, rates: Y): Y {
  const halves = halvesOf(rates);
  const other: Half = half === "positions" ? "momenta" : "positions";
  return joinHalves(like, { ...halves, [other]: zerosOf(halves[other]) });
}
