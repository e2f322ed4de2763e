/**
 * Equations of a region, rewritten into the program of a tile.
 */
import type { Parameters } from "../../program/primitive.ts";
import { type Atom, type Equation, fill, type Variable, variable } from "../../program/program.ts";
import { sizeOf } from "../../shape.ts";
import { operandAxes } from "./batch.ts";
import { createFrame, createInputs, type Frame, masking, partialType, read, readPartial, tileType } from "./frame.ts";
import { emitWithLanes, type Operand } from "./lane-rules.ts";
import type { PartialForm } from "./partial-sums.ts";

/** Adds the tile's equations for an equation, and notes what its results are. */
export function rewrite(frame: Frame, equation: Equation): void {
  const results = rewritten(frame, equation);
  equation.outputs.forEach((output, i) => {
    frame.values.set(output, results[i] as Atom);
  });
}

function rewritten(frame: Frame, equation: Equation): readonly Atom[] {
  const { rewriter, sums, batch } = frame;
  const { primitive, parameters, inputs, outputs } = equation;
  if (primitive === "scan") return rewriteScan(frame, equation as Equation<"scan">);
  const axes = operandAxes(batch, equation);
  const [output] = outputs as readonly [Variable];
  const axis = batch.axisOf(output);
  const form = sums.get(output);
  if (axis >= 0) return withLanes(frame, equation, axes, axis);
  if (form === undefined) {
    return rewriter.emit(
      primitive,
      parameters as never,
      inputs.map((input) => read(frame, input, -1)),
    );
  }
  if (axes.some((own) => own >= 0)) return [sumOverSamples(frame, equation, axes)];
  return linearInSums(frame, equation);
}

function withLanes(frame: Frame, equation: Equation, axes: readonly number[], axis: number): readonly Atom[] {
  const { rewriter, tile } = frame;
  const { primitive, parameters, inputs } = equation;
  const operands = inputs.map(
    (input, i): Operand => ({ atom: read(frame, input, axes[i] as number), axis: axes[i] as number }),
  );
  return emitWithLanes(primitive, { rewriter, tile, parameters, operands, axis } as never);
}

/** A sum over the batch: of all but the samples where they are kept apart. */
function sumOverSamples(frame: Frame, equation: Equation, axes: readonly number[]): Atom {
  const { rewriter, sums, tile } = frame;
  const { primitive, parameters, inputs, outputs } = equation;
  const isApart = sums.get(outputs[0] as Variable) === "lanes";
  const operands = inputs.map(
    (input, i): Operand => ({ atom: read(frame, input, axes[i] as number), axis: axes[i] as number }),
  );
  if (primitive === "dot" && isApart) {
    const along = samplesAlong(parameters as Parameters["dot"], axes);
    return emitWithLanes("dot", { rewriter, tile, parameters: along, operands, axis: -1 })[0] as Atom;
  }
  if (primitive === "dot") return productOverSamples(frame, parameters as Parameters["dot"], operands);
  const [{ atom, axis }] = operands as [Operand];
  const last = atom.type.shape.length - 1;
  const all = placesIn(operands[0] as Operand, (parameters as Parameters["reduceSum"]).axes);
  const over = isApart ? all.filter((index) => index !== last) : all;
  const summand = isApart || axis < 0 ? atom : masking(frame, atom);
  return over.length === 0 ? summand : rewriter.one("reduceSum", { axes: over }, [summand]);
}

/** Where axes of the program's tensor are in the tile's. */
function placesIn({ atom, axis }: Operand, list: readonly number[]): number[] {
  const last = atom.type.shape.length - 1;
  return list.map((index) => (index === axis ? last : index > axis ? index - 1 : index));
}

/** The product for each sample, not summed over them. */
function samplesAlong({ contract, batch }: Parameters["dot"], axes: readonly number[]): Parameters["dot"] {
  const others = [0, 1].map((side) => contract[side as 0 | 1].filter((axis) => axis !== axes[side]));
  const along = [0, 1].map((side) => [...batch[side as 0 | 1], axes[side] as number]);
  return { contract: others as [number[], number[]], batch: along as [number[], number[]] };
}

/** The product summed over samples too; the smaller factor is masked. */
function productOverSamples(frame: Frame, { contract, batch }: Parameters["dot"], operands: readonly Operand[]): Atom {
  const [left, right] = operands as [Operand, Operand];
  const isLeftSmaller = sizeOf(left.atom.type.shape) <= sizeOf(right.atom.type.shape);
  const factors = isLeftSmaller ? [masking(frame, left.atom), right.atom] : [left.atom, masking(frame, right.atom)];
  return frame.rewriter.one(
    "dot",
    {
      contract: [placesIn(left, contract[0]), placesIn(right, contract[1])],
      batch: [placesIn(left, batch[0]), placesIn(right, batch[1])],
    },
    factors,
  );
}

/** What is linear in partial sums, of operands in the form of the result. */
function linearInSums(frame: Frame, equation: Equation): readonly Atom[] {
  const { rewriter, sums, tile } = frame;
  const { primitive, parameters, inputs, outputs } = equation;
  const [output] = outputs as readonly [Variable];
  const form = sums.get(output) as PartialForm;
  const isSum = (input: Atom): boolean => input.kind === "variable" && sums.has(input);
  const operands = inputs.map((input): Operand => {
    if (!isSum(input)) return { atom: read(frame, input, -1), axis: -1 };
    return { atom: readPartial(frame, input, form), axis: form === "reduced" ? -1 : input.type.shape.length };
  });
  if (form === "reduced") {
    return rewriter.emit(
      primitive,
      parameters as never,
      operands.map(({ atom }) => atom),
    );
  }
  const lanes = form === "folded" ? frame.lanes : tile;
  return emitWithLanes(primitive, {
    rewriter,
    tile: lanes,
    parameters,
    operands,
    axis: output.type.shape.length,
  } as never);
}

function rewriteScan(frame: Frame, equation: Equation<"scan">): readonly Atom[] {
  const { batch, sums, tile } = frame;
  const { body, constants, carry, bound, reverse } = equation.parameters;
  const extra = createInputs<Atom>();
  const capture = (outer: Atom): Atom => (outer.kind === "constant" ? outer : extra.find(outer, outer.type));
  const inner = createFrame(frame, {
    outer: (missing) => capture(frame.outer(missing)),
    samplesOf: (constant, axis) => capture(frame.samplesOf(constant, axis)),
    mask: () => {
      const flags = frame.mask();
      return flags === undefined ? undefined : capture(flags);
    },
  });
  const inputs = body.inputs.map((input) => {
    const axis = batch.axisOf(input);
    const form = sums.get(input);
    const fresh = variable(axis >= 0 ? tileType(input.type, axis, tile) : partialType(frame, input.type, form));
    inner.values.set(input, fresh);
    return fresh;
  });
  const axes = operandAxes(batch, equation);
  const outer = equation.inputs.map((input, i) => {
    const form = i === 0 ? undefined : sums.get(body.inputs[i - 1] as Variable);
    if (form !== undefined) return readPartial(frame, input, form);
    return read(frame, input, axes[i] as number);
  });
  for (const step of body.equations) rewrite(inner, step);
  const outputs = body.outputs.map((atom, i) => {
    const form = i < carry ? sums.get(body.inputs[constants + i] as Variable) : formOf(sums, atom);
    if (form !== undefined) return readPartial(inner, atom, form);
    const axis = batch.axisOf(equation.outputs[i] as Variable);
    return read(inner, atom, axis < 0 ? -1 : i < carry ? axis : axis - 1);
  });
  const captured = extra.all();
  const parameters: Parameters["scan"] = {
    body: {
      inputs: [...captured.map(([, input]) => input), ...inputs],
      equations: inner.rewriter.equations,
      outputs,
    },
    constants: constants + captured.length,
    carry,
    bound,
    reverse,
  };
  const [length, ...rest] = outer;
  return frame.rewriter.emit("scan", parameters, [length as Atom, ...captured.map(([atom]) => atom), ...rest]);
}

const formOf = (sums: Frame["sums"], atom: Atom) => (atom.kind === "variable" ? sums.get(atom) : undefined);

/** Zeros of a partial sum before the first tile. */
export function emptySum(frame: Frame, output: Variable): Atom {
  const form = frame.sums.get(output) === "lanes" ? "folded" : frame.sums.get(output);
  return fill(partialType(frame, output.type, form), 0);
}
