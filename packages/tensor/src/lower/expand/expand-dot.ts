/**
 * A product over the parts of its factors.
 *
 * A short contracted axis becomes a sum of products, a short batch axis products side by side, a short free axis one
 * product for each entry, unless the other free axes of that factor are too short to keep the machine busy.
 */
import type { Parameters } from "../../program/primitive.ts";
import type { Atom, Equation, Variable } from "../../program/program.ts";
import { indicesOf, numberOf, shortAxes } from "./entries.ts";
import type { Expansion } from "./expansion.ts";

/** Free extents that a product keeps are at least this long, or it is not taken apart along its short free axes. */
const blockable = 8;

type Pair = readonly [readonly number[], readonly number[]];

/** One factor: which of its axes are taken apart. */
interface Factor {
  readonly side: 0 | 1;
  readonly atom: Atom;
  readonly shape: readonly number[];
  /** All axes taken apart, in order. */
  readonly axes: readonly number[];
  /** Those of them that are free. */
  readonly open: readonly number[];
  /** All free axes. */
  readonly free: readonly number[];
}

/** What is taken apart: pairs of contracted and of batch axes by number, and both factors. */
interface Plan {
  readonly gone: readonly number[];
  readonly along: readonly number[];
  readonly factors: readonly [Factor, Factor];
}

/** Adds the products of the parts; false where nothing is taken apart. */
export function expandDot(expansion: Expansion, equation: Equation<"dot">): boolean {
  const { contract, batch } = equation.parameters;
  const plan = planDot(equation);
  const [left, right] = plan.factors;
  if (left.axes.length + right.axes.length === 0) return false;
  const { rewriter } = expansion;
  const rest = (list: readonly number[], { axes }: Factor, taken: readonly number[]): number[] =>
    list.flatMap((axis, i) => (taken.includes(i) ? [] : [axis - axes.filter((other) => other < axis).length]));
  const parameters: Parameters["dot"] = {
    contract: [rest(contract[0], left, plan.gone), rest(contract[1], right, plan.gone)],
    batch: [rest(batch[0], left, plan.along), rest(batch[1], right, plan.along)],
  };
  const parts = [partOf(expansion, equation, plan, left), partOf(expansion, equation, plan, right)] as const;
  const extents = (pairs: readonly number[], list: Pair): number[] =>
    pairs.map((i) => left.shape[list[0][i] as number] as number);
  const [firstOpen, secondOpen] = plan.factors.map(({ open, shape }) => open.map((axis) => shape[axis] as number)) as [
    number[],
    number[],
  ];
  const results = indicesOf([...extents(plan.along, batch), ...firstOpen, ...secondOpen]);
  const sums = indicesOf(extents(plan.gone, contract));
  const atoms = results.map((index) => {
    const along = index.slice(0, plan.along.length);
    const first = index.slice(along.length, along.length + firstOpen.length);
    const second = index.slice(along.length + firstOpen.length);
    const terms = sums.map((sum) =>
      rewriter.one("dot", parameters, [parts[0](along, sum, first), parts[1](along, sum, second)]),
    );
    return terms.reduce((total, term) => rewriter.one("add", {}, [total, term]));
  });
  const axes = [
    ...plan.along,
    ...left.open.map((axis) => batch[0].length + left.free.indexOf(axis)),
    ...right.open.map((axis) => batch[0].length + left.free.length + right.free.indexOf(axis)),
  ];
  expansion.note(equation.outputs[0] as Variable, { axes, atoms });
  return true;
}

function planDot({ parameters: { contract, batch }, inputs }: Equation<"dot">): Plan {
  const shapes = inputs.map(({ type }) => type.shape) as [readonly number[], readonly number[]];
  const short = shapes.map(shortAxes) as [number[], number[]];
  const pairsOf = (list: Pair): number[] =>
    list[0].flatMap((axis, i) => (short[0].includes(axis) && short[1].includes(list[1][i] as number) ? [i] : []));
  const [gone, along] = [pairsOf(contract), pairsOf(batch)];
  const isLong = contract[0].some((axis, i) => !gone.includes(i) && (shapes[0][axis] as number) >= blockable);
  const factor = (side: 0 | 1): Factor => {
    const shape = shapes[side];
    const bound = [...contract[side], ...batch[side]];
    const free = shape.flatMap((_, axis) => (bound.includes(axis) ? [] : [axis]));
    const isBlockable = free.some((axis) => (shape[axis] as number) >= blockable);
    const open = isLong && !isBlockable ? [] : free.filter((axis) => short[side].includes(axis));
    const paired = [...gone.map((i) => contract[side][i] as number), ...along.map((i) => batch[side][i] as number)];
    const axes = [...paired, ...open].sort((a, b) => a - b);
    return { side, atom: inputs[side] as Atom, shape, axes, open, free };
  };
  return { gone, along, factors: [factor(0), factor(1)] };
}

/** The part of a factor at indices of the batch, of the sum and of its own free axes. */
function partOf(
  expansion: Expansion,
  { parameters: { contract, batch } }: Equation<"dot">,
  { gone, along }: Plan,
  { side, atom, shape, axes, open }: Factor,
): (at: readonly number[], sum: readonly number[], free: readonly number[]) => Atom {
  const parts = expansion.entries(atom, axes);
  const extents = axes.map((axis) => shape[axis] as number);
  return (at, sum, free) => {
    const index = axes.map((axis) => {
      const summed = gone.findIndex((i) => contract[side][i] === axis);
      if (summed >= 0) return sum[summed] as number;
      const beside = along.findIndex((i) => batch[side][i] === axis);
      return beside >= 0 ? (at[beside] as number) : (free[open.indexOf(axis)] as number);
    });
    return parts[numberOf(index, extents)] as Atom;
  };
}
