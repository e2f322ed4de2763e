/**
 * From equations to points: the graph of what one step computes at a point of its domain.
 *
 * `pull(atom, map)` gives the point of a tensor's element under an index map: a load where the tensor is in memory
 * before this step, the composed view where it is a view, the point operation on pulled inputs where this step computes
 * it (at home, or again because it is cheap). A view that cannot be composed is noted in `failures` with the recomputed
 * variable that led to it: storing that variable makes the pull succeed.
 */
import { coerce } from "../dtype.ts";
import { TensorError } from "../errors.ts";
import type { Reduction } from "../program/primitive.ts";
import type { Atom, Equation, Variable } from "../program/program.ts";
import { formKey, type IndexMap, identityMap, linearOffset, mapKey } from "./affine.ts";
import type { Point } from "./nest.ts";
import { roleOf } from "./roles.ts";
import { aliasRoot, type Placement } from "./schedule.ts";
import { isAlias, isView, throughView } from "./views.ts";

/** A graph under construction for one step. */
export interface Puller {
  /** All points so far, inputs before their users. */
  readonly points: readonly Point[];
  readonly failures: readonly Variable[];
  pull(atom: Atom, map: IndexMap): Point;
  /** Appends a point made elsewhere, unless it is there. */
  add(point: Point): Point;
}

/** A puller for step `step` of the schedule over `domain`. */
export function createPuller(schedule: Placement, step: number, domain: readonly number[]): Puller {
  const points: Point[] = [];
  const failures: Variable[] = [];
  const known = new Map<object, Map<string, Point>>();
  const rank = domain.length;

  const once = (owner: object, key: string, make: () => Point): Point => {
    const forOwner = known.get(owner) ?? new Map<string, Point>();
    known.set(owner, forOwner);
    const before = forOwner.get(key);
    if (before !== undefined) return before;
    const point = make();
    points.push(point);
    forOwner.set(key, point);
    return point;
  };

  const inMemory = (variable: Variable): boolean =>
    schedule.stored.has(variable) && (schedule.home.get(variable) ?? -1) < step;

  const pull = (atom: Atom, map: IndexMap, enclosing: Variable | undefined): Point => {
    if (atom.kind === "constant") {
      const { value, type } = atom;
      if (typeof value === "number") {
        const coerced = coerce(type.dtype, value);
        return once(atom, "", () => ({ kind: "number", dtype: type.dtype, value: coerced }));
      }
      const offset = linearOffset(map, type.shape, rank);
      return once(atom, formKey(offset), () => ({ kind: "load", dtype: type.dtype, source: atom, offset }));
    }
    const root = aliasRoot(schedule.definitions, atom);
    if (inMemory(root)) {
      const offset = linearOffset(map, atom.type.shape, rank);
      return once(root, formKey(offset), () => ({ kind: "load", dtype: root.type.dtype, source: root, offset }));
    }
    const equation = schedule.definitions.get(atom);
    if (equation === undefined) throw defect(atom);
    if (equation.primitive === "iota" || isView(equation)) return pullView(atom, equation, map, enclosing);
    return pullEquation(atom, equation, map, enclosing);
  };

  const pullView = (atom: Variable, equation: Equation, map: IndexMap, enclosing: Variable | undefined): Point => {
    if (equation.primitive === "iota") {
      const { axis, dtype } = (equation as Equation<"iota">).parameters;
      const form = map[axis] ?? { constant: 0, coefficients: [] };
      return once(atom, formKey(form), () => ({ kind: "index", dtype, form }));
    }
    const [input] = equation.inputs as readonly [Atom];
    if (isAlias(equation) && input.kind === "constant") {
      return pull({ ...input, type: atom.type }, map, enclosing);
    }
    const inner = throughView(equation, map, domain);
    if (inner !== undefined) return pull(input, inner, enclosing);
    if (enclosing === undefined) throw defect(atom);
    failures.push(enclosing);
    return { kind: "number", dtype: atom.type.dtype, value: 0 };
  };

  const pullEquation = (atom: Variable, equation: Equation, map: IndexMap, enclosing: Variable | undefined): Point => {
    const { primitive, parameters, inputs, outputs } = equation;
    const dtype = atom.type.dtype;
    const role = roleOf(primitive);
    if (role === "reduction") {
      const [input] = inputs as readonly [Atom];
      const point = pull(input, identityMap(input.type.shape, rank), enclosing);
      return once(equation, "", () => ({ kind: "reduce", dtype, primitive: primitive as Reduction, input: point }));
    }
    if (role !== "point") throw defect(atom);
    const within = schedule.home.get(atom) === step ? enclosing : atom;
    const key = mapKey(map);
    const before = known.get(equation)?.get(key);
    const values = before === undefined ? inputs.map((input) => pull(input, map, within)) : [];
    const whole = once(equation, key, () => ({ kind: "apply", dtype, primitive, parameters, inputs: values }));
    if (outputs.length === 1) return whole;
    const part = outputs.indexOf(atom);
    return once(atom, key, () => ({ kind: "part", dtype, of: whole, part }));
  };

  return {
    points,
    failures,
    pull: (atom, map) => pull(atom, map, undefined),
    add: (point) => once(point, "", () => point),
  };
}

function defect(variable: Variable): TensorError {
  return new TensorError(
    `Cannot lower a program: expected ${variable.type.dtype}[${variable.type.shape.join(", ")}] to be in memory or computable, got neither`,
    "This is a defect of the schedule.",
  );
}
