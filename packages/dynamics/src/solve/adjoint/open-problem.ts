/**
 * A problem with nothing hidden: what its field closes over made visible, so that a rule can name it.
 */
import { closureConvert, isFloat, type Tensor } from "@leastaction/tensor";
import type { Field } from "../../solver/solver.ts";
import type { Problem } from "../problem.ts";

/** A problem as a function of everything that its solution depends on. */
export interface OpenProblem<Y> {
  /** The float tensors that the field uses: what derivatives are taken to. */
  readonly parameters: readonly Tensor[];
  /** The others: integers and truth values. */
  readonly constants: readonly Tensor[];
  readonly fieldOf: (parameters: readonly Tensor[], constants: readonly Tensor[]) => Field<Y>;
}

/** Opens a problem: its field is traced once. */
export function openProblem<Y>({ field, t0, y0 }: Problem<Y>): OpenProblem<Y> {
  const { captures, call } = closureConvert((t: Tensor, y: Y) => field(t, y), [t0, y0]);
  const floats = captures.map(({ dtype }) => isFloat(dtype));
  return {
    parameters: captures.filter((_, i) => floats[i] === true),
    constants: captures.filter((_, i) => floats[i] !== true),
    fieldOf: (parameters, constants) => {
      let [next, other] = [0, 0];
      const all = floats.map((flag) => (flag ? parameters[next++] : constants[other++]) as Tensor);
      return (t, y) => call(all, t, y) as Y;
    },
  };
}
