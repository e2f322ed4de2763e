/**
 * One equation over the parts of its operands; one row for each primitive that can be taken apart.
 */
import { cut } from "../../program/arrange.ts";
import type { PrimitiveName } from "../../program/primitive.ts";
import { type Atom, type Equation, fill, type Program, type Variable, variable } from "../../program/program.ts";
import { roleOf } from "../roles.ts";
import { indicesOf, numberOf, shortAxes, without } from "./entries.ts";
import { expandDot } from "./expand-dot.ts";
import { expandGather, expandScatterAdd } from "./expand-gather.ts";
import type { Expansion } from "./expansion.ts";

/** Adds the equations of the parts of an equation's results. */
export function expandEquation(expansion: Expansion, equation: Equation): void {
  const row = rows[equation.primitive] as Row<PrimitiveName> | undefined;
  if (row !== undefined) {
    if (!row(expansion, equation)) keep(expansion, equation);
  } else if (roleOf(equation.primitive) === "point") expandPoint(expansion, equation);
  else keep(expansion, equation);
}

type Row<P extends PrimitiveName> = (expansion: Expansion, equation: Equation<P>) => boolean;

/** As it is, over whole tensors. */
function keep({ rewriter, whole, note }: Expansion, equation: Equation): void {
  const made = rewriter.keep(equation, equation.inputs.map(whole));
  equation.outputs.forEach((output, i) => {
    note(output, { axes: [], atoms: [made[i] as Atom] });
  });
}

const extentsAt = (shape: readonly number[], axes: readonly number[]): number[] =>
  axes.map((axis) => shape[axis] as number);

/** The place of an axis once `gone` are out. */
const placeIn = (axis: number, gone: readonly number[]): number => axis - gone.filter((other) => other < axis).length;

const shapeOf = (atom: Atom | undefined): readonly number[] => (atom as Atom).type.shape;

function expandPoint(expansion: Expansion, equation: Equation): void {
  const { rewriter, entries, note } = expansion;
  const { primitive, parameters, inputs, outputs } = equation;
  const axes = shortAxes(shapeOf(outputs[0]));
  if (axes.length === 0) {
    keep(expansion, equation);
    return;
  }
  const parts = inputs.map((input) => entries(input, axes));
  const count = indicesOf(extentsAt(shapeOf(outputs[0]), axes)).length;
  const made = Array.from({ length: count }, (_, i) =>
    rewriter.emit(
      primitive,
      parameters,
      parts.map((list) => list[i] as Atom),
    ),
  );
  outputs.forEach((output, k) => {
    note(output, { axes, atoms: made.map((results) => results[k] as Atom) });
  });
}

/** A primitive of one operand whose parts are made from single parts of the operand. */
function expandView(
  { entries, note }: Expansion,
  { inputs, outputs }: Equation,
  sourceAxes: readonly number[],
  axes: readonly number[],
  part: (index: readonly number[], from: (index: readonly number[]) => Atom) => Atom,
): true {
  const [input] = inputs as readonly [Atom];
  const [output] = outputs as readonly [Variable];
  const parts = entries(input, sourceAxes);
  const extents = extentsAt(input.type.shape, sourceAxes);
  const from = (index: readonly number[]): Atom => parts[numberOf(index, extents)] as Atom;
  const atoms = indicesOf(extentsAt(output.type.shape, axes)).map((index) => part(index, from));
  note(output, { axes, atoms });
  return true;
}

const broadcast: Row<"broadcast"> = (expansion, equation) => {
  const { shape, axes: places } = equation.parameters;
  const axes = shortAxes(shape);
  const source = shapeOf(equation.inputs[0]);
  const sourceAxes = source.flatMap((_, i) => (axes.includes(places[i] as number) ? [i] : []));
  const kept = without(places, sourceAxes).map((place) => placeIn(place, axes));
  return expandView(expansion, equation, sourceAxes, axes, (index, from) => {
    const own = sourceAxes.map((i) => (source[i] === 1 ? 0 : (index[axes.indexOf(places[i] as number)] as number)));
    return expansion.rewriter.one("broadcast", { shape: without(shape, axes), axes: kept }, [from(own)]);
  });
};

const transpose: Row<"transpose"> = (expansion, equation) => {
  const { permutation } = equation.parameters;
  const axes = shortAxes(shapeOf(equation.outputs[0]));
  const moved = axes.map((axis) => permutation[axis] as number);
  const sourceAxes = [...moved].sort((a, b) => a - b);
  const order = without(permutation, axes).map((axis) => placeIn(axis, sourceAxes));
  return expandView(expansion, equation, sourceAxes, axes, (index, from) =>
    expansion.rewriter.one("transpose", { permutation: order }, [
      from(sourceAxes.map((axis) => index[moved.indexOf(axis)] as number)),
    ]),
  );
};

const reverse: Row<"reverse"> = (expansion, equation) => {
  const shape = shapeOf(equation.outputs[0]);
  const axes = shortAxes(shape);
  const turned = equation.parameters.axes;
  const rest = turned.filter((axis) => !axes.includes(axis)).map((axis) => placeIn(axis, axes));
  return expandView(expansion, equation, axes, axes, (index, from) => {
    const own = index.map((i, k) => {
      const axis = axes[k] as number;
      return turned.includes(axis) ? (shape[axis] as number) - 1 - i : i;
    });
    return expansion.rewriter.one("reverse", { axes: rest }, [from(own)]);
  });
};

const slice: Row<"slice"> = (expansion, equation) => {
  const { start, limit, stride } = equation.parameters;
  const source = shapeOf(equation.inputs[0]);
  const sourceAxes = shortAxes(source);
  const axes = sourceAxes;
  // Of an empty result there are no parts.
  if (axes.some((axis) => start[axis] === limit[axis])) return false;
  const cut = { start: without(start, axes), limit: without(limit, axes), stride: without(stride, axes) };
  return expandView(expansion, equation, sourceAxes, axes, (index, from) => {
    const own = index.map((i, k) => (start[axes[k] as number] as number) + i * (stride[axes[k] as number] as number));
    return expansion.rewriter.one("slice", cut, [from(own)]);
  });
};

const pad: Row<"pad"> = (expansion, equation) => {
  const { low, high, interior } = equation.parameters;
  const source = shapeOf(equation.inputs[0]);
  const [output] = equation.outputs as readonly [Variable];
  const sourceAxes = shortAxes(source);
  const axes = shortAxes(output.type.shape).filter((axis) => sourceAxes.includes(axis));
  if (axes.length !== sourceAxes.length) return false;
  const rest = { low: without(low, axes), high: without(high, axes), interior: without(interior, axes) };
  const type = { dtype: output.type.dtype, shape: without(output.type.shape, axes) };
  return expandView(expansion, equation, axes, axes, (index, from) => {
    const own = index.map((i, k) => {
      const axis = axes[k] as number;
      return (i - (low[axis] as number)) / ((interior[axis] as number) + 1);
    });
    const isInside = own.every((i, k) => Number.isInteger(i) && i >= 0 && i < (source[axes[k] as number] as number));
    return isInside ? expansion.rewriter.one("pad", rest, [from(own)]) : fill(type, 0);
  });
};

/** Runs of axes of two shapes that hold the same elements. */
function runsOf(from: readonly number[], to: readonly number[]): { from: number[]; to: number[] }[] {
  const runs: { from: number[]; to: number[] }[] = [];
  let [i, k] = [0, 0];
  while (i < from.length || k < to.length) {
    const run = { from: [] as number[], to: [] as number[] };
    let [a, b] = [1, 1];
    do {
      if (k >= to.length || (i < from.length && a <= b)) {
        a *= from[i] as number;
        run.from.push(i++);
      } else {
        b *= to[k] as number;
        run.to.push(k++);
      }
    } while (a !== b && (i < from.length || k < to.length));
    runs.push(run);
  }
  return runs;
}

const reshape: Row<"reshape"> = (expansion, equation) => {
  const { shape } = equation.parameters;
  const source = shapeOf(equation.inputs[0]);
  if (source.includes(0) || shape.includes(0)) return false;
  const [short, sourceShort] = [shortAxes(shape), shortAxes(source)];
  const axes: number[] = [];
  const sourceAxes: number[] = [];
  const runs = runsOf(source, shape);
  for (const run of runs) {
    const isShort =
      run.to.every((axis) => short.includes(axis)) && run.from.every((axis) => sourceShort.includes(axis));
    if (!isShort) continue;
    axes.push(...run.to);
    sourceAxes.push(...run.from);
  }
  if (axes.length + sourceAxes.length === 0) return false;
  return expandView(expansion, equation, sourceAxes, axes, (index, from) => {
    const own = new Array<number>(sourceAxes.length).fill(0);
    for (const run of runs) {
      const to = run.to.filter((axis) => axes.includes(axis));
      if (to.length !== run.to.length) continue;
      let rest = numberOf(
        to.map((axis) => index[axes.indexOf(axis)] as number),
        extentsAt(shape, to),
      );
      for (const axis of run.from.toReversed()) {
        if (!sourceAxes.includes(axis)) continue;
        own[sourceAxes.indexOf(axis)] = rest % (source[axis] as number);
        rest = Math.floor(rest / (source[axis] as number));
      }
    }
    return expansion.rewriter.one("reshape", { shape: without(shape, axes) }, [from(own)]);
  });
};

const concatenate: Row<"concatenate"> = ({ rewriter, entries, note }, { parameters, inputs, outputs }) => {
  const [output] = outputs as readonly [Variable];
  const { axis } = parameters;
  const { shape } = output.type;
  const axes = shortAxes(shape);
  const extents = extentsAt(shape, axes);
  const parts = inputs.map((input) => entries(input, axes));
  const atoms = indicesOf(extents).map((index) => {
    const at = axes.indexOf(axis);
    if (at < 0) {
      const number = numberOf(index, extents);
      const pieces = parts.map((list) => list[number] as Atom);
      return rewriter.one("concatenate", { axis: placeIn(axis, axes) }, pieces);
    }
    let rest = index[at] as number;
    let which = 0;
    while (rest >= (shapeOf(inputs[which])[axis] as number)) rest -= shapeOf(inputs[which++])[axis] as number;
    const own = index.map((i, k) => (k === at ? rest : i));
    return parts[which]?.[numberOf(own, extentsAt(shapeOf(inputs[which]), axes))] as Atom;
  });
  note(output, { axes, atoms });
  return true;
};

const combining = { reduceSum: "add", reduceMax: "max", reduceMin: "min" } as const;

const reduction =
  <P extends keyof typeof combining>(primitive: P): Row<P> =>
  ({ rewriter, entries, note }, { parameters, inputs, outputs }) => {
    const [input] = inputs as readonly [Atom];
    const [output] = outputs as readonly [Variable];
    const { shape } = input.type;
    const sourceAxes = shortAxes(shape);
    const gone = sourceAxes.filter((axis) => parameters.axes.includes(axis));
    const kept = sourceAxes.filter((axis) => !gone.includes(axis));
    const parts = entries(input, sourceAxes);
    const extents = extentsAt(shape, sourceAxes);
    const rest = parameters.axes.filter((axis) => !gone.includes(axis)).map((axis) => placeIn(axis, sourceAxes));
    const atoms = indicesOf(extentsAt(shape, kept)).map((index) => {
      const terms = indicesOf(extentsAt(shape, gone)).map((inner) => {
        const own = sourceAxes.map((axis) =>
          gone.includes(axis) ? (inner[gone.indexOf(axis)] as number) : (index[kept.indexOf(axis)] as number),
        );
        return parts[numberOf(own, extents)] as Atom;
      });
      const joined = terms.reduce((total, term) => rewriter.one(combining[primitive], {}, [total, term]));
      return rest.length === 0 ? joined : rewriter.one(primitive, { axes: rest } as never, [joined]);
    });
    note(output, { axes: kept.map((axis) => placeIn(axis, parameters.axes)), atoms });
    return true;
  };

const iota: Row<"iota"> = ({ rewriter, note }, { parameters, outputs }) => {
  const [output] = outputs as readonly [Variable];
  const { dtype, shape, axis } = parameters;
  const axes = shortAxes(shape);
  const rest = without(shape, axes);
  const at = axes.indexOf(axis);
  const atoms = indicesOf(extentsAt(shape, axes)).map((index) =>
    at >= 0
      ? fill({ dtype, shape: rest }, index[at] as number)
      : rewriter.one("iota", { dtype, shape: rest, axis: placeIn(axis, axes) }, []),
  );
  note(output, { axes, atoms });
  return true;
};

const scan: Row<"scan"> = (expansion, equation) => {
  const { body, constants, carry, bound, reverse } = equation.parameters;
  const inner = expansion.inner();
  const inputs: Variable[] = [];
  const outer: Atom[] = [expansion.whole(equation.inputs[0] as Atom)];
  const counts = [0, 0];
  body.inputs.forEach((input, i) => {
    const axes = shortAxes(input.type.shape);
    const isSequence = i >= constants + carry;
    const type = { dtype: input.type.dtype, shape: without(input.type.shape, axes) };
    const parts = expansion.entries(equation.inputs[i + 1] as Atom, isSequence ? axes.map((axis) => axis + 1) : axes);
    const fresh = parts.map(() => variable(type));
    inner.note(input, { axes, atoms: fresh });
    inputs.push(...fresh);
    outer.push(...parts);
    if (i < constants) counts[0] = (counts[0] as number) + parts.length;
    else if (!isSequence) counts[1] = (counts[1] as number) + parts.length;
  });
  for (const step of body.equations) expandEquation(inner, step);
  const outputs: Atom[] = [];
  const results = body.outputs.map((atom, i) => {
    const known = atom.kind === "variable" ? inner.known(atom) : undefined;
    const axes = i < carry || known === undefined ? shortAxes(atom.type.shape) : known.axes;
    const parts = inner.entries(atom, axes);
    outputs.push(...parts);
    return { axes: i < carry ? axes : axes.map((axis) => axis + 1), count: parts.length };
  });
  const opened: Program = { inputs, equations: inner.rewriter.equations, outputs };
  const [constantCount, carryCount] = counts as [number, number];
  const made = expansion.rewriter.emit(
    "scan",
    { body: opened, constants: constantCount, carry: carryCount, bound, reverse },
    outer,
  );
  let next = 0;
  equation.outputs.forEach((output, i) => {
    const { axes, count } = results[i] as (typeof results)[number];
    expansion.note(output, { axes, atoms: made.slice(next, next + count) });
    next += count;
  });
  return true;
};

/**
 * A while that counts the turns of a scan, which may go through its records: the parts of one are then those of the other;
 * or one whose carry has parts that are tensors. For others it brings nothing, and taking apart what enters is work.
 */
const loop: Row<"while"> = (expansion, equation) => {
  const hasParts = ({ type: { shape } }: Variable): boolean => {
    const count = shortAxes(shape).length;
    return count > 0 && count < shape.length;
  };
  if (!equation.outputs.some((output) => expansion.isLength(output) || hasParts(output))) return false;
  const { condition, body, conditionConstants, bodyConstants } = equation.parameters;
  const fixed = conditionConstants + bodyConstants;
  const axes = equation.inputs.map(({ type }) => shortAxes(type.shape));
  const parts = equation.inputs.map((input, i) => expansion.entries(input, axes[i] as number[]));
  /** A program of the loop; its inputs stand for those of the equation with these numbers. */
  const open = (program: Program, numbers: readonly number[]): Program => {
    const inner = expansion.inner();
    const inputs = program.inputs.flatMap((input, i) => {
      const [gone, whole] = [axes[numbers[i] as number] as number[], input.type];
      const type = { dtype: whole.dtype, shape: without(whole.shape, gone) };
      const fresh = (parts[numbers[i] as number] as readonly Atom[]).map(() => variable(type));
      inner.note(input, { axes: gone, atoms: fresh });
      return fresh;
    });
    for (const step of program.equations) expandEquation(inner, step);
    const outputs = program.outputs.flatMap((atom) => inner.entries(atom, shortAxes(atom.type.shape)));
    return { inputs, equations: inner.rewriter.equations, outputs };
  };
  const numbers = equation.inputs.map((_, i) => i);
  const [asked, held, carried] = cut(numbers, conditionConstants, bodyConstants) as [number[], number[], number[]];
  const countOf = (some: readonly number[]): number => some.flatMap((i) => parts[i] as readonly Atom[]).length;
  const made = expansion.rewriter.emit(
    "while",
    {
      condition: open(condition, [...asked, ...carried]),
      body: open(body, [...held, ...carried]),
      conditionConstants: countOf(asked),
      bodyConstants: countOf(held),
    },
    parts.flat(),
  );
  let next = 0;
  equation.outputs.forEach((output, i) => {
    const count = countOf([fixed + i]);
    expansion.note(output, { axes: axes[fixed + i] as number[], atoms: made.slice(next, next + count) });
    next += count;
  });
  return true;
};

const rows: { readonly [P in PrimitiveName]?: Row<P> } = {
  broadcast,
  transpose,
  reverse,
  slice,
  pad,
  reshape,
  concatenate,
  reduceSum: reduction("reduceSum"),
  reduceMax: reduction("reduceMax"),
  reduceMin: reduction("reduceMin"),
  dot: expandDot,
  gather: expandGather,
  scatterAdd: expandScatterAdd,
  iota,
  scan,
  while: loop,
};
