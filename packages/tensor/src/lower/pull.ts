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
import type { Atom, Constant, Equation, Variable } from "../program/program.ts";
import { type Affine, formKey, type IndexMap, identityMap, linearOffset, mapKey } from "./affine.ts";
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

/** What the functions below share. */
interface Pulling {
  readonly schedule: Placement;
  readonly step: number;
  readonly domain: readonly number[];
  readonly points: Point[];
  readonly failures: Variable[];
  /** Points by what they are of and under which map. */
  readonly known: Map<object, Map<string, Point>>;
}

/** A puller for step `step` of the schedule over `domain`. */
export function createPuller(schedule: Placement, step: number, domain: readonly number[]): Puller {
  const pulling: Pulling = { schedule, step, domain, points: [], failures: [], known: new Map() };
  return {
    points: pulling.points,
    failures: pulling.failures,
    pull: (atom, map) => pull(pulling, atom, map, undefined),
    add: (point) => once(pulling, point, "", () => point),
  };
}

function once({ known, points }: Pulling, owner: object, key: string, make: () => Point): Point {
  const forOwner = known.get(owner) ?? new Map<string, Point>();
  known.set(owner, forOwner);
  const before = forOwner.get(key);
  if (before !== undefined) return before;
  const point = make();
  points.push(point);
  forOwner.set(key, point);
  return point;
}

/** `enclosing`: the variable that is computed again and reads this. */
function pull(pulling: Pulling, atom: Atom, map: IndexMap, enclosing: Variable | undefined): Point {
  if (atom.kind === "constant") return pullConstant(pulling, atom, map);
  const { definitions, stored, home } = pulling.schedule;
  const root = aliasRoot(definitions, atom);
  if (stored.has(root) && (home.get(root) ?? -1) < pulling.step) {
    const offset = linearOffset(map, atom.type.shape, pulling.domain.length);
    const { dtype } = root.type;
    return once(pulling, root, formKey(offset), () => ({ kind: "load", dtype, source: root, offset }));
  }
  const equation = definitions.get(atom);
  if (equation === undefined) throw defect(atom);
  if (equation.primitive === "iota" || isView(equation)) return pullView(pulling, atom, equation, map, enclosing);
  return pullEquation(pulling, atom, equation, map, enclosing);
}

function pullConstant(pulling: Pulling, atom: Constant, map: IndexMap): Point {
  const { value, type } = atom;
  const { dtype } = type;
  if (typeof value === "number") {
    return once(pulling, atom, "", () => ({ kind: "number", dtype, value: coerce(dtype, value) }));
  }
  const offset = linearOffset(map, type.shape, pulling.domain.length);
  return once(pulling, atom, formKey(offset), () => ({ kind: "load", dtype, source: atom, offset }));
}

function pullView(
  pulling: Pulling,
  atom: Variable,
  equation: Equation,
  map: IndexMap,
  enclosing: Variable | undefined,
): Point {
  if (equation.primitive === "iota") {
    const { axis, dtype } = (equation as Equation<"iota">).parameters;
    const form = map[axis] as Affine;
    return once(pulling, atom, formKey(form), () => ({ kind: "index", dtype, form }));
  }
  const [input] = equation.inputs as readonly [Atom];
  if (isAlias(equation) && input.kind === "constant") {
    return pullConstant(pulling, { ...input, type: atom.type }, map);
  }
  const inner = throughView(equation, map, pulling.domain);
  if (inner !== undefined) return pull(pulling, input, inner, enclosing);
  if (enclosing === undefined) throw defect(atom);
  pulling.failures.push(enclosing);
  return { kind: "number", dtype: atom.type.dtype, value: 0 };
}

function pullEquation(
  pulling: Pulling,
  atom: Variable,
  equation: Equation,
  map: IndexMap,
  enclosing: Variable | undefined,
): Point {
  const { primitive, parameters, inputs, outputs } = equation;
  const { dtype } = atom.type;
  const role = roleOf(primitive);
  if (role === "reduction") {
    const [input] = inputs as readonly [Atom];
    const point = pull(pulling, input, identityMap(input.type.shape, pulling.domain.length), enclosing);
    return once(pulling, equation, "", () => ({
      kind: "reduce",
      dtype,
      primitive: primitive as Reduction,
      input: point,
    }));
  }
  if (role !== "point") throw defect(atom);
  const within = pulling.schedule.home.get(atom) === pulling.step ? enclosing : atom;
  const key = mapKey(map);
  const before = pulling.known.get(equation)?.get(key);
  const values = before === undefined ? inputs.map((input) => pull(pulling, input, map, within)) : [];
  const whole = once(pulling, equation, key, () => ({ kind: "apply", dtype, primitive, parameters, inputs: values }));
  if (outputs.length === 1) return whole;
  const part = outputs.indexOf(atom);
  return once(pulling, atom, key, () => ({ kind: "part", dtype, of: whole, part }));
}

function defect(variable: Variable): TensorError {
  return new TensorError(
    `Cannot lower a program: expected ${variable.type.dtype}[${variable.type.shape.join(", ")}] to be in memory or computable, got neither`,
    "This is a defect of the schedule.",
    "defect",
  );
}
