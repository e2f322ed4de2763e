/**
 * Whether a field has the form a solver takes it for, found while tracing.
 *
 * The rates are differentiated along directions in which they must not change (`FieldForm`), and the derivatives are
 * evaluated on the host at three states, with invented numbers for everything the field uses besides (arguments,
 * weights). A derivative that is not zero there proves by example that the form is another: that is an error. Nothing
 * of this enters the traced program, and nothing is done for solvers without a structure.
 *
 * Not found: a dependence below 1e-9 of the rates (1e-4 in float32), one that is zero at those states (through a step,
 * a clamp, a selection) or not finite at all of them, one the derivative does not see (`floor`, `stopGradient`), a
 * field with a `whileLoop`, whose length invented numbers cannot be trusted with, and a field that has the form but no
 * Hamiltonian (a force that is not a gradient): then the order holds and the structure does not. Wrongly found: a field
 * that has the form only for some values of its arguments, as with a coupling that is always zero.
 */
import {
  abs,
  array,
  convert,
  evaluate,
  type HostTensor,
  inline,
  jvp,
  max,
  maximum,
  type Program,
  sub,
  type Tensor,
  TensorError,
  type TensorType,
  trace,
} from "@leastaction/tensor";
import { tensorsOf, zipTensors } from "../nn/tensor-tree.ts";
import { halvesOf, joinHalves } from "./phase-space.ts";
import type { Field, FieldForm, Solver } from "./solver.ts";

/** What must vanish for a form: words for the message, and numbers made of the rates. */
interface Demand {
  readonly words: string;
  readonly of: (rates: Rates, at: Place, along: Place) => unknown;
}

interface Place {
  readonly t: Tensor;
  readonly q: unknown;
  readonly p: unknown;
}

/** Rates of the positions and of the momenta. */
type Rates = Record<"positions" | "momenta", (place: Place) => unknown>;

const trials = 3;

/** Errors: a field that is not of the form in the solver's `structure`. */
export function expectFieldForm<Y>(solver: Solver, field: Field<Y>, y: Y): void {
  const form = solver.structure?.field ?? "any";
  for (const demand of demands[form]) {
    const found = largestOf(demand, field, y);
    if (!(found > 0)) continue;
    throw new TensorError(
      `Cannot solve with ${solver.name}: expected ${demand.words}, got ${found.toExponential(1)} at a test state`,
      "Use a solver for any Hamiltonian such as tao(), or one without structure such as tsit5.",
    );
  }
}

const separable: readonly Demand[] = [
  {
    words: "rates of the positions that do not depend on the positions (a derivative of 0)",
    of: ({ positions }, at, { q }) => derivative((place) => positions({ ...at, q: place }), at.q, q),
  },
  {
    words: "rates of the momenta that do not depend on the momenta (a derivative of 0)",
    of: ({ momenta }, at, { p }) => derivative((place) => momenta({ ...at, p: place }), at.p, p),
  },
];

const demands: Readonly<Record<FieldForm, readonly Demand[]>> = {
  any: [],
  separable,
  quadratic: [
    ...separable,
    {
      words: "rates of the positions that are linear in the momenta (a second derivative of 0)",
      of: ({ positions }, at, { p }) => {
        const slope = (place: unknown): unknown => derivative((inner) => positions({ ...at, p: inner }), place, p);
        return derivative(slope, at.p, p);
      },
    },
  ],
  "second-order": [
    {
      words: "rates of the positions that are the velocities (a difference of 0)",
      of: ({ positions }, at) => zipTensors(sub, positions(at), at.p),
    },
    separable[1] as Demand,
  ],
};

/** The derivative of a tree along a direction. */
function derivative(f: (place: unknown) => unknown, at: unknown, along: unknown): unknown {
  return jvp(f as (...inputs: never[]) => unknown, [at], [along])[1];
}

/**
 * The largest number that was to vanish, over the trials, where it is not rounding beside the rates; NaN when no trial
 * gave finite numbers.
 */
function largestOf<Y>(demand: Demand, field: Field<Y>, y: Y): number {
  const halves = (place: Place) => halvesOf(field(place.t, joinHalves(y, { positions: place.q, momenta: place.p })));
  const rates: Rates = { positions: (place) => halves(place).positions, momenta: (place) => halves(place).momenta };
  const { positions, momenta } = halvesOf(y);
  const at = { t: 0, q: positions, p: momenta };
  const measured = (place: Place, along: Place): Tensor[] => [
    largestEntry(demand.of(rates, place, along)),
    largestEntry(halves(place)),
  ];
  const { program } = trace(measured, [at, at]);
  if (hasWhile(program)) return Number.NaN;
  const rounding = tensorsOf(y).some(({ dtype }) => dtype === "float32") ? 1e-4 : 1e-9;
  const found = Array.from({ length: trials }, (_, trial) => evaluated(program, trial));
  const finite = found.filter((pair) => pair.every(Number.isFinite));
  const proofs = finite.map(([size = 0, scale = 0]) => (size > rounding * Math.max(1, scale) ? size : 0));
  return finite.length === 0 ? Number.NaN : Math.max(...proofs);
}

/** Float64 scalar. */
function largestEntry(tree: unknown): Tensor {
  const entries = tensorsOf(tree).map((leaf) => convert(max(abs(leaf)), "float64"));
  return entries.reduce((a, b) => maximum(a, b));
}

/** The outputs of a program of scalars with invented inputs. */
function evaluated(program: Program, trial: number): number[] {
  const inputs = program.inputs.map(({ type }, i) => invented(type, trial * 31 + i * 7 + 1));
  const run = (...values: Tensor[]): Tensor[] => inline(program, values);
  const outputs = evaluate(run as never, ...(inputs as never[])) as unknown as readonly HostTensor[];
  return outputs.map(({ data }) => data[0] as number);
}

/** Floats between 0.2 and 0.9, without a pattern; zeros of other types, which are valid as indices. */
function invented({ dtype, shape }: TensorType, seed: number): HostTensor {
  const size = shape.reduce((product, extent) => product * extent, 1);
  const real = dtype === "float32" || dtype === "float64";
  const value = (i: number): number =>
    real ? 0.2 + 0.7 * ((0.618033988749895 * (i + 1) + 0.414213562373095 * seed) % 1) : 0;
  return array(
    Array.from({ length: size }, (_, i) => value(i)),
    shape,
    dtype,
  );
}

function hasWhile(program: Program): boolean {
  return program.equations.some(({ primitive, parameters }) => {
    const inner = Object.values(parameters)
      .flat()
      .filter((value): value is Program => isProgram(value));
    return primitive === "while" || inner.some(hasWhile);
  });
}

function isProgram(value: unknown): boolean {
  return typeof value === "object" && value !== null && "equations" in value;
}
