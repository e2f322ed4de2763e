/**
 * Views of views, views of constants, and reductions of what repeats.
 *
 * A view that only drops or inserts axes of extent 1 becomes a reshape, which shares memory. Broadcasts swallow such
 * reshapes and other broadcasts before them, so that equal values are found equal. A sum over repeated axes becomes a
 * product with their number (as accurate as the sum, or more).
 */
import { allocate } from "../../dtype.ts";
import type { Reduction } from "../../program/primitive.ts";
import { type Atom, type Constant, type Equation, fill } from "../../program/program.ts";
import { type Shape, sameShape, sizeOf } from "../../shape.ts";
import { firstAtLeast } from "../first-at-least.ts";
import { numberOf } from "./algebra.ts";
import type { Rewriter, Rule, Rules } from "./rewriter.ts";

/** The fill of another shape, when the atom is one. */
function refill(x: Atom, shape: Shape): Atom | undefined {
  const value = numberOf(x);
  return value === undefined ? undefined : fill({ dtype: x.type.dtype, shape }, value);
}

const withoutOnes = (shape: Shape): number[] => shape.filter((extent) => extent !== 1);

/** Whether the non-one axes keep their order: the view is a reshape. */
function movesOnlyOnes(input: Shape, order: readonly number[]): boolean {
  const moved = order.filter((axis) => input[axis] !== 1);
  return moved.every((axis, i) => i === 0 || axis > (moved[i - 1] as number));
}

const broadcast: Rule<"broadcast"> = (rewriter, { shape, axes }, inputs) => {
  const [x] = inputs as readonly [Atom];
  const known = refill(x, shape);
  if (known !== undefined) return known;
  if (sizeOf(shape) === sizeOf(x.type.shape)) return rewriter.one("reshape", { shape }, [x]);
  const before = rewriter.definition(x);
  if (before?.primitive === "broadcast") {
    const inner = before as typeof before & { parameters: { axes: readonly number[] } };
    const merged = inner.parameters.axes.map((axis) => axes[axis] as number);
    return rewriter.one("broadcast", { shape, axes: merged }, [inner.inputs[0] as Atom]);
  }
  if (before?.primitive !== "reshape") return undefined;
  const [source] = before.inputs as readonly [Atom];
  return throughReshape(rewriter, source, x.type.shape, shape, axes);
};

/** A broadcast of a reshape that only drops or inserts ones is a broadcast of what was reshaped. */
function throughReshape(
  rewriter: Rewriter,
  source: Atom,
  between: Shape,
  shape: Shape,
  axes: readonly number[],
): Atom | undefined {
  if (source.type.shape.includes(1)) {
    if (!between.includes(1)) return undefined;
    const core = withoutOnes(source.type.shape);
    if (!sameShape(core, withoutOnes(between))) return undefined;
    const dropped = rewriter.one("reshape", { shape: core }, [source]);
    const at = axes.filter((_, i) => between[i] !== 1);
    return rewriter.one("broadcast", { shape, axes: at }, [dropped]);
  }
  if (!between.includes(1) || !sameShape(source.type.shape, withoutOnes(between))) return undefined;
  return rewriter.one("broadcast", { shape, axes: axes.filter((_, i) => between[i] !== 1) }, [source]);
}

const reshape: Rule<"reshape"> = (rewriter, { shape }, inputs) => {
  const [x] = inputs as readonly [Atom];
  if (sameShape(shape, x.type.shape)) return x;
  if (x.kind === "constant") return { ...x, type: { dtype: x.type.dtype, shape } };
  const before = rewriter.definition(x);
  return before?.primitive === "reshape" ? rewriter.one("reshape", { shape }, [before.inputs[0] as Atom]) : undefined;
};

const transpose: Rule<"transpose"> = (rewriter, { permutation }, inputs) => {
  const [x] = inputs as readonly [Atom];
  const shape = permutation.map((axis) => x.type.shape[axis] as number);
  const known = refill(x, shape);
  if (known !== undefined) return known;
  if (movesOnlyOnes(x.type.shape, permutation)) return rewriter.one("reshape", { shape }, [x]);
  const before = rewriter.definition(x);
  if (before?.primitive !== "transpose") return undefined;
  const inner = (before.parameters as { permutation: readonly number[] }).permutation;
  const merged = permutation.map((axis) => inner[axis] as number);
  return rewriter.one("transpose", { permutation: merged }, [before.inputs[0] as Atom]);
};

const reverse: Rule<"reverse"> = (rewriter, { axes }, inputs) => {
  const [x] = inputs as readonly [Atom];
  const moving = axes.filter((axis) => (x.type.shape[axis] as number) > 1);
  if (moving.length === 0 || numberOf(x) !== undefined) return x;
  return moving.length < axes.length ? rewriter.one("reverse", { axes: moving }, [x]) : undefined;
};

const slice: Rule<"slice"> = (rewriter, { start, limit, stride }, inputs) => {
  const [x] = inputs as readonly [Atom];
  const { shape } = x.type;
  const extents = shape.map((_, axis) =>
    Math.ceil(((limit[axis] as number) - (start[axis] as number)) / (stride[axis] as number)),
  );
  if (sameShape(shape, extents)) return x;
  const known = refill(x, extents);
  if (known !== undefined) return known;
  const before = rewriter.definition(x);
  if (before?.primitive === "slice") {
    const inner = before.parameters as { start: readonly number[]; stride: readonly number[] };
    const at = (axis: number, index: number): number =>
      (inner.start[axis] as number) + index * (inner.stride[axis] as number);
    const merged = {
      start: start.map((from, axis) => at(axis, from)),
      limit: shape.map((_, axis) => {
        const last = (start[axis] as number) + ((extents[axis] as number) - 1) * (stride[axis] as number);
        return (extents[axis] as number) === 0 ? at(axis, start[axis] as number) : at(axis, last) + 1;
      }),
      stride: stride.map((step, axis) => step * (inner.stride[axis] as number)),
    };
    return merged.limit.every((to, axis) => to >= (merged.start[axis] as number)) && !extents.includes(0)
      ? rewriter.one("slice", merged, [before.inputs[0] as Atom])
      : undefined;
  }
  return before?.primitive === "concatenate"
    ? sliceOfConcatenate(rewriter, { start, limit, stride }, before as Equation<"concatenate">)
    : undefined;
};

interface Bounds {
  readonly start: readonly number[];
  readonly limit: readonly number[];
  readonly stride: readonly number[];
}

/** A slice that lies within one part is a slice of that part. */
function sliceOfConcatenate(
  rewriter: Rewriter,
  bounds: Bounds,
  concatenation: Equation<"concatenate">,
): Atom | undefined {
  const { axis } = concatenation.parameters;
  const ends = endsOf(concatenation);
  const at = firstAtLeast(ends, bounds.limit[axis] as number);
  const part = concatenation.inputs[at];
  const from = ends[at - 1] ?? 0;
  if (part === undefined || (bounds.start[axis] as number) < from) return undefined;
  const shift = (list: readonly number[]): number[] => list.map((n, i) => (i === axis ? n - from : n));
  const { stride } = bounds;
  return rewriter.one("slice", { start: shift(bounds.start), limit: shift(bounds.limit), stride }, [part]);
}

const knownEnds = new WeakMap<Equation, readonly number[]>();

/** Where each part of a concatenation ends; found once, since often every part is asked for. */
function endsOf(concatenation: Equation<"concatenate">): readonly number[] {
  const before = knownEnds.get(concatenation);
  if (before !== undefined) return before;
  const { axis } = concatenation.parameters;
  let end = 0;
  const ends = concatenation.inputs.map(({ type }) => {
    end += type.shape[axis] as number;
    return end;
  });
  knownEnds.set(concatenation, ends);
  return ends;
}

const pad: Rule<"pad"> = (_, { low, high, interior }, inputs) => {
  const [x] = inputs as readonly [Atom];
  const isWhole = x.type.shape.every(
    (extent, axis) => low[axis] === 0 && high[axis] === 0 && (interior[axis] === 0 || extent < 2),
  );
  if (isWhole) return x;
  if (!Object.is(numberOf(x), 0)) return undefined;
  const shape = x.type.shape.map(
    (extent, axis) =>
      (low[axis] as number) + extent + Math.max(0, extent - 1) * (interior[axis] as number) + (high[axis] as number),
  );
  return refill(x, shape);
};

const concatenate: Rule<"concatenate"> = (rewriter, { axis }, inputs) => {
  const parts = inputs.filter(({ type }) => (type.shape[axis] as number) > 0);
  if (parts.length === 1) return parts[0];
  if (parts.length > 0 && parts.length < inputs.length) return rewriter.one("concatenate", { axis }, parts);
  const extent = parts.reduce((total, { type }) => total + (type.shape[axis] as number), 0);
  const [first] = parts;
  if (first === undefined) return undefined;
  const value = numberOf(first);
  if (value === undefined || !parts.every((part) => Object.is(numberOf(part), value)))
    return smallConstants(parts, axis, extent);
  return refill(
    first,
    first.type.shape.map((n, i) => (i === axis ? extent : n)),
  );
};

/** Scalars that are known make a constant vector. */
function smallConstants(parts: readonly Atom[], axis: number, extent: number): Constant | undefined {
  const [first] = parts as readonly [Atom];
  if (axis !== 0 || first.type.shape.length !== 1 || parts.some((part) => numberOf(part) === undefined))
    return undefined;
  const data = allocate(first.type.dtype, extent);
  let next = 0;
  for (const part of parts) {
    data.fill(numberOf(part) as number, next, next + sizeOf(part.type.shape));
    next += sizeOf(part.type.shape);
  }
  return { kind: "constant", type: { dtype: first.type.dtype, shape: [extent] }, value: data };
}

function reduction(primitive: Reduction): Rule {
  return (rewriter, parameters, inputs) => {
    const { axes } = parameters as { axes: readonly number[] };
    const [x] = inputs as readonly [Atom];
    const { shape, dtype } = x.type;
    const rest = shape.filter((_, axis) => !axes.includes(axis));
    const count = axes.reduce((product, axis) => product * (shape[axis] as number), 1);
    if (count === 1) return rewriter.one("reshape", { shape: rest }, [x]);
    const value = numberOf(x);
    if (value !== undefined && count > 0) {
      return fill({ dtype, shape: rest }, primitive === "reduceSum" ? value * count : value);
    }
    const before = rewriter.definition(x);
    if (before?.primitive === "broadcast")
      return reduceBroadcast(
        rewriter,
        primitive,
        axes,
        x,
        before.inputs[0] as Atom,
        (before.parameters as { axes: readonly number[] }).axes,
      );
    if (before?.primitive === primitive) {
      return rewriter.one(primitive, { axes: joinedAxes(before as Equation<Reduction>, axes) }, before.inputs);
    }
    const isPart = axes.some((axis) => shape[axis] === 1);
    if (!isPart) return undefined;
    const kept = axes.filter((axis) => shape[axis] !== 1);
    const reduced = rewriter.one(primitive, { axes: kept }, [x]);
    return rewriter.one("reshape", { shape: rest }, [reduced]);
  };
}

/** The axes of one reduction for two: those of the first, and `axes` of its result. */
function joinedAxes({ parameters, inputs }: Equation<Reduction>, axes: readonly number[]): number[] {
  const rank = (inputs[0] as Atom).type.shape.length;
  const left = Array.from({ length: rank }, (_, axis) => axis).filter((axis) => !parameters.axes.includes(axis));
  return [...parameters.axes, ...axes.map((axis) => left[axis] as number)].sort((a, b) => a - b);
}

/** Over repeated axes a sum is a product, and a maximum nothing. */
function reduceBroadcast(
  rewriter: Rewriter,
  primitive: Reduction,
  axes: readonly number[],
  x: Atom,
  source: Atom,
  places: readonly number[],
): Atom | undefined {
  const { shape, dtype } = x.type;
  const repeats = (axis: number): boolean => {
    const from = places.indexOf(axis);
    return from < 0 || source.type.shape[from] !== shape[axis];
  };
  const repeated = axes.filter((axis) => repeats(axis) && shape[axis] !== 1);
  const count = repeated.reduce((product, axis) => product * (shape[axis] as number), 1);
  if (count <= 1) return undefined;
  const single = shape.map((extent, axis) => (repeated.includes(axis) ? 1 : extent));
  const smaller = rewriter.one("broadcast", { shape: single, axes: places }, [source]);
  const reduced = rewriter.one(primitive, { axes }, [smaller]);
  if (primitive !== "reduceSum") return reduced;
  return rewriter.one("mul", {}, [reduced, fill({ dtype, shape: reduced.type.shape }, count)]);
}

/** Rules of views, assembly and reductions. */
export const movementRules: Rules = {
  broadcast,
  reshape,
  transpose,
  reverse,
  slice,
  pad,
  concatenate,
  reduceSum: reduction("reduceSum") as Rule<"reduceSum">,
  reduceMax: reduction("reduceMax") as Rule<"reduceMax">,
  reduceMin: reduction("reduceMin") as Rule<"reduceMin">,
};
