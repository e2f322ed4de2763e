/**
 * Programs under construction.
 *
 * One builder per function being traced; builders nest when a transform traces a function inside another. A tensor of
 * an outer builder that is used in an inner one becomes one more input of the inner program (closure conversion), and
 * the outer tensor is remembered as its value. So only programs are ever transformed, and there are no levels.
 */
import { TensorError } from "../errors.ts";
import { infer } from "../program/infer.ts";
import type { Parameters, PrimitiveName } from "../program/primitive.ts";
import {
  type Atom,
  type Equation,
  type Program,
  type TensorType,
  type Variable,
  variable,
} from "../program/program.ts";
import { type Tensor, tensorOf } from "./tensor.ts";
import { placeOfUser, withDeepStacks } from "./user-place.ts";

/** A program under construction. */
export interface Builder {
  readonly parent: Builder | null;
  readonly inputs: Variable[];
  readonly equations: Equation[];
  /** Inputs that stand for tensors of outer builders, in the order of first use. */
  readonly captures: Map<Variable, { readonly inner: Variable; readonly outer: Tensor }>;
}

let active: Builder | null = null;

/** Result of building: the program, whose last inputs are the captured tensors. */
export interface Built {
  readonly program: Program;
  readonly captures: readonly Tensor[];
}

/** The program of `f` applied to inputs of these types, and the outer tensors that `f` closed over. */
export function build(types: readonly TensorType[], f: (inputs: Tensor[]) => readonly Tensor[]): Built {
  const builder: Builder = { parent: active, inputs: types.map(variable), equations: [], captures: new Map() };
  active = builder;
  try {
    const results = withDeepStacks(() => f(builder.inputs.map((input) => tensorOf(input, builder))));
    const outputs = results.map((result) => atomIn(builder, result));
    const captures = [...builder.captures.values()];
    const inputs = [...builder.inputs, ...captures.map(({ inner }) => inner)];
    return {
      program: { inputs, equations: builder.equations, outputs },
      captures: captures.map(({ outer }) => outer),
    };
  } catch (error) {
    if (error instanceof TensorError) error.happenedAt(placeOfUser(error.stack));
    throw error;
  } finally {
    active = builder.parent;
  }
}

/** Appends one equation to the program under construction. */
export function emit<P extends PrimitiveName>(
  primitive: P,
  parameters: Parameters[P],
  inputs: readonly Tensor[],
): Tensor[] {
  const types = infer(primitive, parameters, inputs);
  return append(primitive, parameters, inputs, types);
}

/** Appends one equation whose result is a single tensor. */
export function emitOne<P extends PrimitiveName>(
  primitive: P,
  parameters: Parameters[P],
  inputs: readonly Tensor[],
): Tensor {
  return emit(primitive, parameters, inputs)[0] as Tensor;
}

/** The tensors that the program computes from `inputs`, with its equations copied into the one under construction. */
export function inline(program: Program, inputs: readonly Tensor[]): Tensor[] {
  const values = new Map<Variable, Tensor>();
  program.inputs.forEach((input, i) => {
    values.set(input, inputs[i] as Tensor);
  });
  const read = (atom: Atom): Tensor => (atom.kind === "constant" ? tensorOf(atom, null) : (values.get(atom) as Tensor));
  for (const { primitive, parameters, inputs: operands, outputs } of program.equations) {
    const types = outputs.map(({ type }) => type);
    append(primitive, parameters, operands.map(read), types).forEach((tensor, i) => {
      values.set(outputs[i] as Variable, tensor);
    });
  }
  return program.outputs.map(read);
}

function append<P extends PrimitiveName>(
  primitive: P,
  parameters: Parameters[P],
  inputs: readonly Tensor[],
  types: readonly TensorType[],
): Tensor[] {
  const builder = active;
  if (builder === null) {
    throw new TensorError(
      `Cannot apply ${primitive}: expected a traced function around it, got a call at top level`,
      "Call it inside a function given to compile, evaluate, grad or another transform.",
    );
  }
  const outputs = types.map(variable);
  builder.equations.push({
    primitive,
    parameters,
    inputs: inputs.map((input) => atomIn(builder, input)),
    outputs,
  } as Equation);
  return outputs.map((output) => tensorOf(output, builder));
}

function atomIn(builder: Builder, tensor: Tensor): Atom {
  const { atom } = tensor;
  if (atom.kind === "constant" || tensor.builder === builder) return atom;
  const known = builder.captures.get(atom);
  if (known !== undefined) return known.inner;
  for (let outer = builder.parent; outer !== null; outer = outer.parent) {
    if (outer !== tensor.builder) continue;
    const inner = variable(atom.type);
    builder.captures.set(atom, { inner, outer: tensor });
    return inner;
  }
  throw new TensorError(
    "Cannot use a tensor: expected one of the function being traced, got one of a trace that has ended",
    "Return tensors from the traced function instead of keeping them in outer variables.",
  );
}
