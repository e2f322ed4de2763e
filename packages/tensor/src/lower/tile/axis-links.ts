/**
 * Which axes of an equation's operands and results run along together.
 *
 * A link says that index i of one axis is computed from index i of the other alone, or (the two sides of a contraction)
 * is summed with it. Axes that a primitive cuts, mixes or looks up by number have no link. Loops link through their
 * bodies, where `axis-classes.ts` follows them.
 */
import type { Parameters, Reduction } from "../../program/primitive.ts";
import type { Atom, Equation } from "../../program/program.ts";
import { sameShape } from "../../shape.ts";
import { roleOf } from "../roles.ts";

/** One axis of one operand or result of an equation. */
export interface AxisOf {
  readonly atom: Atom;
  readonly axis: number;
}

export type Link = readonly [AxisOf, AxisOf];

/** Links found before: each class of axes that could be the batch asks for those of every equation. */
const found = new WeakMap<Equation, readonly Link[]>();

/** The links of an equation that holds no program. */
export function linksOf(equation: Equation): readonly Link[] {
  const before = found.get(equation);
  if (before !== undefined) return before;
  const links = findLinks(equation);
  found.set(equation, links);
  return links;
}

function findLinks(equation: Equation): readonly Link[] {
  const { primitive, inputs, outputs } = equation;
  const row = rows[primitive as keyof typeof rows];
  if (row !== undefined) return row(equation as never);
  if (roleOf(primitive) !== "point") return [];
  const links: Link[] = [];
  for (const input of inputs) for (const output of outputs) addSame(links, input, output);
  return links;
}

/** Adds a link from each axis of an operand to the same one of a result, or from those that are whole. */
function addSame(links: Link[], input: Atom, output: Atom, isWhole?: (axis: number) => boolean): void {
  for (let axis = 0; axis < input.type.shape.length; axis++) {
    if (isWhole?.(axis) === false) continue;
    links.push([
      { atom: input, axis },
      { atom: output, axis },
    ]);
  }
}

function sameAxes(input: Atom, output: Atom, isWhole?: (axis: number) => boolean): Link[] {
  const links: Link[] = [];
  addSame(links, input, output, isWhole);
  return links;
}

type Row<P extends keyof Parameters> = (equation: Equation<P>) => readonly Link[];

const ends = ({ inputs, outputs }: Equation): readonly [Atom, Atom] => [inputs[0] as Atom, outputs[0] as Atom];

/** `places[i]` is where axis i of the operand is in the result; -1 where it is gone. */
function moved(equation: Equation, places: readonly number[]): Link[] {
  const [input, output] = ends(equation);
  return places.flatMap((place, axis): Link[] =>
    place < 0 || input.type.shape[axis] !== output.type.shape[place]
      ? []
      : [
          [
            { atom: input, axis },
            { atom: output, axis: place },
          ],
        ],
  );
}

const identity = (equation: Equation): Link[] => sameAxes(...ends(equation));

const reduction = (equation: Equation<Reduction>): Link[] => {
  let next = 0;
  const { axes } = equation.parameters;
  return moved(
    equation,
    (equation.inputs[0] as Atom).type.shape.map((_, axis) => (axes.includes(axis) ? -1 : next++)),
  );
};

const dot: Row<"dot"> = ({ parameters: { contract, batch }, inputs, outputs }) => {
  const [left, right] = inputs as readonly [Atom, Atom];
  const [result] = outputs as readonly [Atom];
  const links: Link[] = contract[0].map((axis, i) => [
    { atom: left, axis },
    { atom: right, axis: contract[1][i] as number },
  ]);
  let next = batch[0].length;
  ([left, right] as const).forEach((atom, side) => {
    const own = batch[side as 0 | 1];
    for (let axis = 0; axis < atom.type.shape.length; axis++) {
      if (contract[side as 0 | 1].includes(axis)) continue;
      const place = own.includes(axis) ? own.indexOf(axis) : next++;
      links.push([
        { atom, axis },
        { atom: result, axis: place },
      ]);
    }
  });
  return links;
};

const rows: { readonly [P in keyof Parameters]?: Row<P> } = {
  stopGradient: identity,
  allSum: identity,
  broadcast: (equation) => moved(equation, equation.parameters.axes),
  reshape: (equation) => moved(equation, placesOfReshape(...(ends(equation).map(({ type }) => type.shape) as Shapes))),
  transpose: (equation) => {
    const { permutation } = equation.parameters;
    return moved(
      equation,
      permutation.map((_, axis) => permutation.indexOf(axis)),
    );
  },
  reverse: (equation) => sameAxes(...ends(equation), (axis) => !equation.parameters.axes.includes(axis)),
  slice: (equation) => {
    const [input, output] = ends(equation);
    return sameAxes(input, output, (axis) => input.type.shape[axis] === output.type.shape[axis]);
  },
  pad: (equation) => {
    const [input, output] = ends(equation);
    return sameAxes(input, output, (axis) => input.type.shape[axis] === output.type.shape[axis]);
  },
  concatenate: ({ parameters, inputs, outputs }) =>
    inputs.flatMap((input) => sameAxes(input, outputs[0] as Atom, (axis) => axis !== parameters.axis)),
  reduceSum: reduction,
  reduceMax: reduction,
  reduceMin: reduction,
  dot,
  iota: () => [],
};

type Shapes = [readonly number[], readonly number[]];

/** Where each axis of `from` stands in `to`: at an axis of its extent with as many elements before it. */
function placesOfReshape(from: readonly number[], to: readonly number[]): number[] {
  if (sameShape(from, to)) return from.map((_, axis) => axis);
  const before = new Map<string, number>();
  let product = 1;
  to.forEach((extent, axis) => {
    if (extent !== 1) before.set(`${product} ${extent}`, axis);
    product *= extent;
  });
  product = 1;
  return from.map((extent) => {
    const place = extent === 1 ? -1 : (before.get(`${product} ${extent}`) ?? -1);
    product *= extent;
    return place;
  });
}
