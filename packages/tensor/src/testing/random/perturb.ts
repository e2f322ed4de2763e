/**
 * The same program with every rounding moved: how far its results may differ between two right evaluations.
 *
 * Each float result of an equation that rounds is multiplied by 1 + e, with a fixed random e of some units in the last
 * place for each element; so is what sums and contractions add up. A result that moves far under this is
 * ill-conditioned (or beside a jump), and no two targets need agree on it.
 */
import { allocate, isFloat } from "../../dtype.ts";
import {
  type Equation,
  floatUnaries,
  numericBinaries,
  type Parameters,
  type PrimitiveName,
  type Program,
  type TensorType,
  type Variable,
} from "../../program/primitive.ts";
import type { Atom } from "../../program/program.ts";
import { sizeOf } from "../../shape.ts";
import { build, emit, emitOne } from "../../trace/builder.ts";
import { asTensor, full, type Tensor, tensorOf } from "../../trace/tensor.ts";
import type { Draw } from "./draw.ts";

/** Unit in the last place of 1. */
export const epsilonOf = (dtype: string): number => (dtype === "float32" ? 2 ** -23 : 2 ** -52);

/** They give one of their operands, or an exact number. */
const exact: ReadonlySet<PrimitiveName> = new Set<PrimitiveName>([
  "neg",
  "abs",
  "sign",
  "max",
  "min",
  "reduceMax",
  "reduceMin",
  "floor",
  "ceil",
  "round",
  "select",
  "stopGradient",
  "allSum",
  "iota",
  "broadcast",
  "reshape",
  "transpose",
  "reverse",
  "slice",
  "pad",
  "concatenate",
  "gather",
  "scan",
  "while",
  "switch",
  "checkpoint",
  "custom",
  "linear",
]);
/** By element: noise on each element of the result says all (near their zeros lgamma and digamma are right absolutely). */
const byElement: ReadonlySet<PrimitiveName> = new Set<PrimitiveName>([
  ...floatUnaries.filter((name) => name !== "lgamma" && name !== "digamma"),
  ...numericBinaries,
  "pow",
  "convert",
]);
/** Sums: noise on what is added up, too. Whatever else there is, is right to within its largest result only. */
const sums: ReadonlySet<PrimitiveName> = new Set<PrimitiveName>(["reduceSum", "dot", "scatterAdd"]);

/** The program with noise of `units` units in the last place. */
export function perturb(program: Program, draw: Draw, units: number): Program {
  const noisy = (tensor: Tensor): Tensor => (isFloat(tensor.dtype) ? noise(tensor, draw, units) : tensor);
  const { program: result } = build(
    program.inputs.map(({ type }): TensorType => ({ ...type })),
    (tensors) => {
      const values = new Map<Atom, Tensor>(program.inputs.map((input, i) => [input, tensors[i] as Tensor]));
      const read = (atom: Atom): Tensor =>
        atom.kind === "constant" ? tensorOf(atom, null) : (values.get(atom) as Tensor);
      for (const equation of program.equations) {
        const { primitive, outputs } = equation;
        const rounds = !exact.has(primitive);
        const operands = equation.inputs.map(read);
        if (isEquality(equation) && draw() < 0.5) {
          values.set(outputs[0] as Variable, nearly(equation, operands as [Tensor, Tensor], units));
          continue;
        }
        const given = rounds && !byElement.has(primitive) ? operands.map(noisy) : operands;
        const results = emit(primitive, inside(equation, draw, units), given);
        const isWhole = rounds && !byElement.has(primitive) && !sums.has(primitive);
        const moved = isWhole ? movedTogether(results, draw, units) : rounds ? results.map(noisy) : results;
        outputs.forEach((output: Variable, i) => {
          values.set(output, moved[i] as Tensor);
        });
      }
      return program.outputs.map(read);
    },
  );
  return result;
}

function isEquality({ primitive, inputs }: Equation): boolean {
  return (primitive === "equal" || primitive === "notEqual") && isFloat(inputs[0]?.type.dtype ?? "bool");
}

/** No noise makes two numbers equal that rounding alone keeps apart: those that are near each other are equal at times. */
function nearly({ primitive }: Equation, [a, b]: readonly [Tensor, Tensor], units: number): Tensor {
  const axes = a.shape.map((_, axis) => axis);
  const sizeOfLargest = (x: Tensor): Tensor => emitOne("reduceMax", { axes }, [emitOne("abs", {}, [x])]);
  const largest = emitOne("max", {}, [sizeOfLargest(a), sizeOfLargest(b)]);
  const bound = emitOne("mul", {}, [largest, full([], units * epsilonOf(a.dtype), a.dtype)]);
  const distance = emitOne("abs", {}, [emitOne("sub", {}, [a, b])]);
  const near = emitOne("lessEqual", {}, [distance, emitOne("broadcast", { shape: a.shape, axes: [] }, [bound])]);
  return primitive === "equal" ? near : emitOne("not", {}, [near]);
}

/** The parameters, with noise in the program that does the work. */
function inside<P extends PrimitiveName>({ parameters }: Equation<P>, draw: Draw, units: number): Parameters[P] {
  const moved = (program: Program): Program => perturb(program, draw, units);
  if ("branches" in parameters) return { ...parameters, branches: (parameters.branches as Program[]).map(moved) };
  return "body" in parameters ? { ...parameters, body: moved(parameters.body as Program) } : parameters;
}

/** Every element of every float result, by some units of the largest. */
function movedTogether(results: readonly Tensor[], draw: Draw, units: number): Tensor[] {
  const floats = results.filter(({ dtype, shape }) => isFloat(dtype) && sizeOf(shape) > 0);
  const sizes = floats.map((tensor) => {
    const absolute = emitOne("abs", {}, [tensor]);
    return emitOne("reduceMax", { axes: tensor.shape.map((_, axis) => axis) }, [absolute]);
  });
  return results.map((tensor) => {
    const own = sizes.filter(({ dtype }) => dtype === tensor.dtype);
    if (own.length === 0 || sizeOf(tensor.shape) === 0) return tensor;
    const largest = own.reduce((a, b) => emitOne("max", {}, [a, b]));
    const by = emitOne("broadcast", { shape: tensor.shape, axes: [] }, [largest]);
    return emitOne("add", {}, [tensor, emitOne("sub", {}, [noise(by, draw, units), by])]);
  });
}

function noise(tensor: Tensor, draw: Draw, units: number): Tensor {
  const data = allocate(tensor.dtype, sizeOf(tensor.shape));
  const amplitude = 2 * units * epsilonOf(tensor.dtype);
  for (let i = 0; i < data.length; i++) data[i] = 1 + amplitude * (draw() - 0.5);
  const factors = asTensor({ dtype: tensor.dtype, shape: tensor.shape, data }, tensor.dtype);
  return emit("mul", {}, [tensor, factors])[0] as Tensor;
}
