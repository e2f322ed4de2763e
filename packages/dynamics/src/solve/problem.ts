/**
 * One initial value problem as the phases of `solve` see it: tensors only, times float64, options checked.
 */
import {
  abs,
  convert,
  isFloat,
  mapTree,
  showType,
  sign,
  sub,
  type Tensor,
  TensorError,
  type TensorLike,
} from "@leastaction/tensor";
import { mapTensors, tensorsOf } from "../nn/tensor-tree.ts";
import { expectFieldForm } from "../solver/field-form.ts";
import type { Field, Solver } from "../solver/solver.ts";

/** A checked problem. */
export interface Problem<Y> {
  readonly field: Field<Y>;
  readonly y0: Y;
  /** Float64 scalars. */
  readonly t0: Tensor;
  readonly t1: Tensor;
  /** |t1 - t0| and its sign. */
  readonly span: Tensor;
  readonly direction: Tensor;
  readonly solver: Solver;
}

/**
 * The problem of a field, a state and two times.
 * Errors: a state that is not of floats; a field of another type, or of another form than the solver takes.
 */
export function problemOf<Y, A>(
  field: (t: Tensor, y: Y, args: A) => Y,
  state: Y,
  args: A,
  times: { readonly t0: TensorLike; readonly t1: TensorLike },
  solver: Solver,
): Problem<Y> {
  const y0 = mapTensors((leaf) => leaf, state);
  expectFloats(y0);
  const [t0, t1] = [convert(times.t0, "float64"), convert(times.t1, "float64")];
  const length = sub(t1, t0);
  const checked: Field<Y> = (t, y) => {
    const slope = mapTensors((leaf) => leaf, field(t, y, args));
    expectSameTypes(y, slope);
    return slope;
  };
  expectFieldForm(solver, checked, y0);
  return { field: checked, y0, t0, t1, span: abs(length), direction: sign(length), solver };
}

function expectFloats(y0: unknown): void {
  const odd = tensorsOf(y0).find(({ dtype }) => !isFloat(dtype));
  if (odd === undefined) return;
  throw new TensorError(
    `Cannot solve: expected a state of float32 or float64 tensors, got ${showType(odd)}`,
    "Convert the state, and keep integers in args.",
  );
}

function expectSameTypes(y: unknown, slope: unknown): void {
  const [wanted, found] = [y, slope].map(describe);
  if (wanted === found) return;
  throw new TensorError(
    `Cannot solve: expected the field to return what the state is, ${wanted}, got ${found}`,
    "Return one derivative of the same shape and element type for every tensor of the state.",
  );
}

function describe(tree: unknown): string {
  const parts: string[] = [];
  mapTree(tree, (leaf, path) => {
    parts.push(`${path}${path === "" ? "" : " "}${typeof leaf === "number" ? "number" : showType(leaf)}`);
  });
  return parts.join(", ");
}
