/**
 * Which values of a tile are sums over its samples only, still to be added over all tiles.
 *
 * A sum over the batch is finished after the last tile. What is linear in such partial sums is one itself, so that
 * gradients that accumulate in the carry of a loop over time need no sum over the batch in every step: this is the
 * rewrite that moves batch sums outward. A small one keeps its samples apart until the end (`lanes`: adding vectors is
 * cheaper than adding within them), carried on it keeps as many as a vector holds (`folded`), a large one is reduced at
 * once (`reduced`).
 */
import type { PrimitiveName } from "../../program/primitive.ts";
import type { Atom, Equation, Variable } from "../../program/program.ts";
import { sizeOf } from "../../shape.ts";
import { linksOf } from "./axis-links.ts";
import { type Batch, operandAxes } from "./batch.ts";

/** How a partial sum is kept: sample by sample, folded to fewer lanes, or as one number. */
export type PartialForm = "lanes" | "folded" | "reduced";

/** What an equation is to a tile: its results have the batch, are partial sums, or have nothing to do with it. */
export type Part = "batched" | "partial" | "plain" | "unsupported";

/** Most entries of a partial sum that keeps its samples apart. */
const mostLaneEntries = 512;

/** The partial sums known so far. */
export type PartialSums = Map<Variable, PartialForm>;

/** Classifies an equation and notes its results among the partial sums. */
export function classify(batch: Batch, sums: PartialSums, equation: Equation): Part {
  if (equation.primitive !== "scan") return classifyStep(batch, sums, equation);
  const summed = new Set<Atom>(sums.keys());
  for (let before = -1; before < summed.size; ) {
    before = summed.size;
    noteSummed(batch, summed, equation);
  }
  // Forms of carries only change from lanes to reduced: few rounds.
  for (;;) {
    const round: Round = { batch, sums, summed, changed: false };
    const part = classifyScan(round, equation as Equation<"scan">);
    if (part === "unsupported" || !round.changed) return part;
  }
}

/** One walk through a loop and the loops inside it. */
interface Round {
  readonly batch: Batch;
  readonly sums: PartialSums;
  /** See `noteSummed`. */
  readonly summed: ReadonlySet<Atom>;
  /** Whether a carry was found to be of another form, so that another walk is needed. */
  changed: boolean;
}

function classifyStep(batch: Batch, sums: PartialSums, equation: Equation): Part {
  const axes = operandAxes(batch, equation);
  const result = batch.axisOf(equation.outputs[0] as Variable);
  const isPartial = equation.inputs.some((input) => formOf(sums, input) !== undefined);
  if (result < 0 && axes.every((axis) => axis < 0)) {
    if (!isPartial) return "plain";
    return noteLinear(sums, equation) ? "partial" : "unsupported";
  }
  if (isPartial || equation.primitive === "while") return "unsupported";
  if (result >= 0) return keepsBatch(equation, axes, result) ? "batched" : "unsupported";
  const form = formOfSum(equation, axes);
  if (form === undefined) return "unsupported";
  sums.set(equation.outputs[0] as Variable, form);
  return "partial";
}

function formOf(sums: PartialSums, atom: Atom): PartialForm | undefined {
  return atom.kind === "variable" ? sums.get(atom) : undefined;
}

/** Whether every operand's batch axis runs along with the result's. */
function keepsBatch(equation: Equation, axes: readonly number[], result: number): boolean {
  const { primitive, parameters, inputs } = equation;
  if (primitive === "iota") return (parameters as Equation<"iota">["parameters"]).axis !== result;
  if (primitive === "gather" || primitive === "scatterAdd") return false;
  const links = linksOf(equation);
  // Samples come from an operand's, or from repeating what has none.
  const isNew = !links.some(([, b]) => isResult(equation, b.atom) && b.axis === result);
  if (isNew && primitive !== "broadcast") return false;
  return inputs.every(
    (input, i) =>
      axes[i] === -1 ||
      links.some(([a, b]) => a.atom === input && a.axis === axes[i] && isResult(equation, b.atom) && b.axis === result),
  );
}

const isResult = ({ outputs }: Equation, atom: Atom): boolean => atom.kind === "variable" && outputs.includes(atom);

function formOfSum(equation: Equation, axes: readonly number[]): PartialForm | undefined {
  const { primitive, parameters } = equation;
  const size = sizeOf((equation.outputs[0] as Variable).type.shape);
  if (primitive === "reduceSum") {
    const summed = (parameters as Equation<"reduceSum">["parameters"]).axes.includes(axes[0] as number);
    return summed ? smallest(size) : undefined;
  }
  if (primitive !== "dot") return undefined;
  const { contract } = parameters as Equation<"dot">["parameters"];
  const pair = contract[0].indexOf(axes[0] as number);
  if (pair < 0 || contract[1][pair] !== axes[1]) return undefined;
  // Summed over more than samples it is a product of matrices, which is faster than its terms one by one.
  return contract[0].length === 1 ? smallest(size) : "reduced";
}

const smallest = (size: number, apart: "lanes" | "folded" = "lanes"): PartialForm =>
  size <= mostLaneEntries ? apart : "reduced";

type Linear = (isPartial: readonly boolean[], isZero: readonly boolean[]) => boolean;

const all: Linear = (isPartial, isZero) => isPartial.every((flag, i) => flag || isZero[i]);
const onlyOne: Linear = (isPartial) => isPartial.filter(Boolean).length === 1;
const onlyFirst: Linear = (isPartial) => isPartial.every((flag, i) => flag === (i === 0));

/** When a primitive is linear in those of its operands that are partial sums. */
const linear: { readonly [P in PrimitiveName]?: Linear } = {
  add: all,
  sub: all,
  neg: all,
  reshape: all,
  transpose: all,
  broadcast: all,
  reverse: all,
  slice: all,
  pad: all,
  concatenate: all,
  reduceSum: all,
  mul: onlyOne,
  div: onlyFirst,
  dot: onlyOne,
  select: ([condition, ...cases], [, ...zeros]) => condition === false && all(cases, zeros),
};

function noteLinear(sums: PartialSums, { primitive, inputs, outputs }: Equation): boolean {
  const forms = inputs.map((input) => formOf(sums, input));
  const isZero = inputs.map((input) => input.kind === "constant" && input.value === 0);
  const rule = linear[primitive];
  if (
    rule === undefined ||
    !rule(
      forms.map((form) => form !== undefined),
      isZero,
    )
  )
    return false;
  for (const output of outputs) {
    const apart = forms.includes("folded") ? "folded" : "lanes";
    sums.set(output, forms.includes("reduced") ? "reduced" : smallest(sizeOf(output.type.shape), apart));
  }
  return true;
}

/**
 * Notes the values without samples that depend on samples, or on such values: if they are no partial sums, the loop
 * needs finished ones.
 */
function noteSummed(batch: Batch, summed: Set<Atom>, equation: Equation): void {
  const hasSamples = operandAxes(batch, equation).some((axis) => axis >= 0);
  const note = (atom: Atom): void => {
    if (atom.kind === "variable" && batch.axisOf(atom) < 0) summed.add(atom);
  };
  if (equation.primitive !== "scan") {
    if (hasSamples || equation.inputs.some((input) => summed.has(input))) equation.outputs.forEach(note);
    return;
  }
  const { body, constants, carry } = (equation as Equation<"scan">).parameters;
  equation.inputs.slice(1).forEach((input, i) => {
    if (summed.has(input)) note(body.inputs[i] as Variable);
  });
  for (let before = -1; before < summed.size; ) {
    before = summed.size;
    for (const inner of body.equations) noteSummed(batch, summed, inner);
    for (let i = 0; i < carry; i++)
      if (summed.has(body.outputs[i] as Atom)) note(body.inputs[constants + i] as Variable);
  }
  equation.outputs.forEach((output, i) => {
    if (summed.has(body.outputs[i] as Atom) || (i < carry && summed.has(body.inputs[constants + i] as Atom)))
      note(output);
  });
}

function classifyScan(round: Round, equation: Equation<"scan">): Part {
  const { batch, sums, summed } = round;
  const { constants, carry, body } = equation.parameters;
  const isCarry = (i: number): boolean => i > constants && i <= constants + carry;
  if (equation.inputs.some((input, i) => !isCarry(i) && formOf(sums, input) !== undefined)) return "unsupported";
  const axes = operandAxes(batch, equation);
  const isTouched =
    body.inputs.some((input) => summed.has(input)) ||
    axes.some((axis) => axis >= 0) ||
    equation.outputs.some((output) => batch.axisOf(output) >= 0);
  if (!isTouched) return "plain";
  // A sequence of samples is no batch: its loop runs over them.
  const runsOverSamples =
    equation.inputs.some((input, i) => i > 0 && input.kind === "variable" && batch.axisOf(input) !== axes[i]) ||
    equation.outputs.some((output, i) => i >= carry && batch.axisOf(output) === 0);
  if (runsOverSamples) return "unsupported";
  for (let i = 0; i < carry; i++) {
    const inner = body.inputs[constants + i] as Variable;
    if (!summed.has(inner) || sums.get(inner) === "reduced") continue;
    const start = equation.inputs[1 + constants + i] as Atom;
    const isOpen = isZero(start) || summed.has(start);
    const form = formOf(sums, start) ?? (isOpen ? smallest(sizeOf(inner.type.shape)) : undefined);
    if (form === undefined) return "unsupported";
    sums.set(inner, form === "reduced" ? "reduced" : "folded");
  }
  return classifyBody(round, equation) ? "batched" : "unsupported";
}

function classifyBody(round: Round, equation: Equation<"scan">): boolean {
  const { batch, sums } = round;
  const { body, carry, constants } = equation.parameters;
  for (const inner of body.equations) {
    const part =
      inner.primitive === "scan" ? classifyScan(round, inner as Equation<"scan">) : classifyStep(batch, sums, inner);
    if (part === "unsupported") return false;
  }
  const carries = body.inputs.slice(constants, constants + carry);
  for (const [i, inner] of carries.entries()) {
    const next = body.outputs[i] as Atom;
    const [before, form] = [sums.get(inner), formOf(sums, next)];
    if ((form === undefined && !isZero(next)) !== (before === undefined)) return false;
    if (before === "reduced" || form !== "reduced") continue;
    sums.set(inner, "reduced");
    round.changed = true;
  }
  equation.outputs.forEach((output, i) => {
    const form = formOf(sums, i < carry ? (carries[i] as Variable) : (body.outputs[i] as Atom));
    if (form !== undefined) sums.set(output, form);
  });
  return true;
}

const isZero = (atom: Atom): boolean => atom.kind === "constant" && atom.value === 0;
