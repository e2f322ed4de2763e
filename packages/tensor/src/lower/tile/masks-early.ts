/**
 * Masks where values are few: samples that fill up the last tile are set to zero once, not in every sum over samples.
 *
 * A sum over samples leaves out those that are not real. What it adds is as a rule linear in a cotangent, and all
 * cotangents come from that of the loss: one number, or a few, for a sample. Zero there, it is zero in everything made of
 * it, and all sums over it are right.
 *
 * In: a tile's program, which of its samples are real, and its inputs with samples, last in each. Out: an equal program;
 * the same one where masks would have no fewer numbers.
 * What holds: a value is masked in place only where it comes to masked sums, in a linear way, and to nothing else. What
 * else they are made of is as it was, for copies of a real sample: nothing is infinite that is not so in that sample too.
 */
import { type Atom, fill, type Program, type Variable } from "../../program/program.ts";
import { sizeOf } from "../../shape.ts";
import { createRewriter } from "../simplify/rewriter.ts";
import { trim } from "../simplify/trim.ts";
import { type AxisOf, isZero, linearIn, samplesAxes, waysToZero } from "./zero-rules.ts";

/** Numbers for a sample that a value masked early may have. */
const sizesOfSeeds: readonly number[] = [1, 2, 4, 8, 16];

/** The program with its masks as early as that makes them small; `flags` tells the real samples. */
export function masksEarly(program: Program, flags: Variable, withSamples: readonly Variable[]): Program {
  const masks = findMasks(program, flags);
  if (masks.size === 0) return program;
  const axisOf = samplesAxes(program, withSamples);
  const linear = linearValues(program, masks);
  let best: { readonly plan: Plan; readonly numbers: number } | undefined;
  for (const size of sizesOfSeeds) {
    const plan = placeMasks(program, { masks, axisOf, linear, most: size * sizeOf(flags.type.shape) });
    const numbers = numbersOf([...plan.seeds, ...plan.staying]);
    if (numbers < (best?.numbers ?? numbersOf(masks.keys()))) best = { plan, numbers };
  }
  return best === undefined ? program : withMasks(program, flags, { masks, axisOf, plan: best.plan });
}

function numbersOf(atoms: Iterable<Atom>): number {
  return [...atoms].reduce((sum, { type }) => sum + sizeOf(type.shape), 0);
}

/** The masks that are there, with what each masks. */
type Masks = ReadonlyMap<Atom, Atom>;

function findMasks({ equations }: Program, flags: Variable): Masks {
  const spreads = new Set<Atom>([flags]);
  const masks = new Map<Atom, Atom>();
  for (const { primitive, inputs, outputs } of equations) {
    const [first, whether, otherwise] = inputs;
    if (primitive === "broadcast" && first === flags) spreads.add(outputs[0] as Variable);
    if (primitive === "select" && spreads.has(first as Atom) && isZero(otherwise as Atom)) {
      masks.set(outputs[0] as Variable, whether as Atom);
    }
  }
  return masks;
}

/** Values that come to what is masked, in a linear way, and to nothing else. */
function linearValues({ equations, outputs }: Program, masks: Masks): ReadonlySet<Atom> {
  const linear = new Set<Atom>();
  const others = new Set<Atom>(outputs);
  for (const equation of equations.toReversed()) {
    const [output] = equation.outputs as readonly [Variable];
    const isMask = masks.has(output);
    const isLinear = isMask || (equation.outputs.length === 1 && linear.has(output) && !others.has(output));
    equation.inputs.forEach((input, i) => {
      const comesThere = isMask ? i === 1 : isLinear && linearIn(equation, i);
      (comesThere ? linear : others).add(input);
    });
  }
  return new Set([...linear].filter((atom) => !others.has(atom)));
}

interface Plan {
  /** Values that are masked. */
  readonly seeds: ReadonlySet<Variable>;
  /** Masks that are needed still. */
  readonly staying: ReadonlySet<Atom>;
}

interface Search {
  readonly masks: Masks;
  readonly axisOf: AxisOf;
  readonly linear: ReadonlySet<Atom>;
  /** Numbers of a value that is masked, at most. */
  readonly most: number;
}

/** Masks the first of the small linear values on every way, and finds what is zero by that. */
function placeMasks({ equations }: Program, { masks, axisOf, linear, most }: Search): Plan {
  const zeros = new Set<Atom>();
  const seeds = new Set<Variable>();
  const staying = new Set<Atom>();
  for (const equation of equations) {
    const [output] = equation.outputs as readonly [Variable];
    const source = masks.get(output);
    if (source !== undefined && !zeros.has(source)) staying.add(output);
    const isMade = equation.outputs.length === 1;
    const ways = isMade ? waysToZero(equation, axisOf) : [];
    const isSeed = isMade && linear.has(output) && axisOf(output) !== undefined && sizeOf(output.type.shape) <= most;
    const zero = (i: number): boolean => zeros.has(equation.inputs[i] as Atom) || isZero(equation.inputs[i] as Atom);
    if (source !== undefined || ways.some((operands) => operands.every(zero))) zeros.add(output);
    else if (isSeed) {
      seeds.add(output);
      zeros.add(output);
    }
  }
  return { seeds, staying };
}

interface Placed {
  readonly masks: Masks;
  readonly axisOf: AxisOf;
  readonly plan: Plan;
}

function withMasks(program: Program, flags: Variable, { masks, axisOf, plan }: Placed): Program {
  const rewriter = createRewriter({});
  const replaced = new Map<Atom, Atom>();
  const read = (atom: Atom): Atom => replaced.get(atom) ?? atom;
  const mask = (atom: Atom, axis: number): Atom => {
    const { shape } = atom.type;
    const condition = shape.length === 1 ? flags : rewriter.one("broadcast", { shape, axes: [axis] }, [flags]);
    return rewriter.one("select", {}, [condition, atom, fill(atom.type, 0)]);
  };
  for (const equation of program.equations) {
    const [output] = equation.outputs as readonly [Variable];
    const source = masks.get(output);
    if (source !== undefined && !plan.staying.has(output)) {
      replaced.set(output, read(source));
      continue;
    }
    const made = rewriter.keep(equation, equation.inputs.map(read));
    equation.outputs.forEach((each, i) => {
      if (made[i] !== each) replaced.set(each, made[i] as Atom);
    });
    if (plan.seeds.has(output)) replaced.set(output, mask(read(output), axisOf(output) as number));
  }
  return trim({ ...program, equations: rewriter.equations, outputs: program.outputs.map(read) });
}
