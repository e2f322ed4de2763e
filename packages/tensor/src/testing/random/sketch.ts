/**
 * Sketches: programs as they are written, before transforms. A step is a primitive, a constant, a case of the contract
 * suite, a loop or call with a body, or a transform of a body (`grad`, `jvp`, `vmap`), so that a random program can be
 * changed, made smaller and printed with its transforms still in it. Values are numbered: inputs first, then the results
 * of the steps in order.
 */
import { isFloat } from "../../dtype.ts";
import { checkpoint } from "../../library/checkpoint.ts";
import { customJvp } from "../../library/custom-jvp.ts";
import { add, convert, mul } from "../../ops/elementwise.ts";
import { sum } from "../../ops/reduction.ts";
import type { Parameters, PrimitiveName } from "../../program/primitive.ts";
import type { Program, TensorType } from "../../program/program.ts";
import type { HostTensor } from "../../pytree.ts";
import { build, emit } from "../../trace/builder.ts";
import { asTensor, full, type Tensor } from "../../trace/tensor.ts";
import { grad, jvp } from "../../transform/differentiate.ts";
import { vmap } from "../../transform/vmap.ts";
import { numbers, type PrimitiveCase, primitiveCases } from "../primitive-cases.ts";

/** A function of tensors, as printed programs and laws have it. */
export type Body = (inputs: readonly Tensor[]) => readonly Tensor[];

/** Primitives that hold no programs. */
export type Plain = Exclude<PrimitiveName, "scan" | "while" | "switch" | "checkpoint" | "custom" | "linear">;

/** One line of a sketch; `inputs` are numbers of values. */
export type Step = { readonly inputs: readonly number[] } & (
  | { readonly kind: "plain"; readonly primitive: Plain; readonly parameters: object }
  | { readonly kind: "constant"; readonly value: HostTensor }
  | { readonly kind: "case"; readonly primitive: PrimitiveName; readonly index: number }
  /** Inputs: length, constants, carry, sequences. */
  | {
      readonly kind: "scan";
      readonly bodies: readonly [Sketch];
      readonly constants: number;
      readonly carry: number;
      readonly bound: number;
      readonly reverse: boolean;
    }
  /** Bodies: condition and body; inputs: constants of both, then the carry. */
  | { readonly kind: "while"; readonly bodies: readonly [Sketch, Sketch]; readonly constants: number }
  /** Bodies: the branches; inputs: the number of one, then those of all. */
  | { readonly kind: "switch"; readonly bodies: readonly Sketch[] }
  | { readonly kind: "checkpoint" | "custom"; readonly bodies: readonly [Sketch] }
  /** The gradient of the weighted sum of all float results in the first `count` inputs. */
  | { readonly kind: "grad"; readonly bodies: readonly [Sketch]; readonly count: number }
  /** Results and tangents of the float results; inputs: those of the body, then tangents of its first `count`. */
  | { readonly kind: "jvp"; readonly bodies: readonly [Sketch]; readonly count: number }
  /** Over axis 0 of the inputs marked in `axes`. */
  | { readonly kind: "vmap"; readonly bodies: readonly [Sketch]; readonly axes: readonly boolean[] }
);

/** A function from tensors to tensors. */
export interface Sketch {
  readonly inputs: readonly TensorType[];
  readonly steps: readonly Step[];
  readonly outputs: readonly number[];
}

/** Bodies of a step, none for most. */
export function bodiesOf(step: Step): readonly Sketch[] {
  return "bodies" in step ? step.bodies : [];
}

/** Equations and transforms written, those of bodies included; constants are none. */
export function sizeOfSketch({ steps }: Sketch): number {
  return steps.reduce(
    (total, step) =>
      total + (step.kind === "constant" ? 0 : 1) + bodiesOf(step).reduce((n, b) => n + sizeOfSketch(b), 0),
    0,
  );
}

/** Whether any step, in bodies too, is one of these. */
export function someStep({ steps }: Sketch, holds: (step: Step) => boolean): boolean {
  return steps.some((step) => holds(step) || bodiesOf(step).some((body) => someStep(body, holds)));
}

/** Transforms within transforms, at the deepest place. */
export function depthOfTransforms({ steps }: Sketch): number {
  return steps.reduce((most, step) => {
    const inside = bodiesOf(step).reduce((n, body) => Math.max(n, depthOfTransforms(body)), 0);
    return Math.max(most, inside + (isTransform(step) ? 1 : 0));
  }, 0);
}

/** Whether a step is a transform. */
export function isTransform({ kind }: Step): boolean {
  return kind === "grad" || kind === "jvp" || kind === "vmap";
}

/** The case that a step uses. */
export function caseOf({
  primitive,
  index,
}: {
  readonly primitive: PrimitiveName;
  readonly index: number;
}): PrimitiveCase {
  return primitiveCases[primitive][index] as PrimitiveCase;
}

/** The function that a sketch describes. */
export function runSketch(sketch: Sketch): Body {
  return (inputs) => {
    const values = [...inputs];
    for (const step of sketch.steps) {
      values.push(
        ...runStep(
          step,
          step.inputs.map((input) => values[input] as Tensor),
        ),
      );
    }
    return sketch.outputs.map((output) => values[output] as Tensor);
  };
}

/** The program of a function of tensors of these types. */
export function programOf(types: readonly TensorType[], f: Body): Program {
  return build(
    types.map(({ dtype, shape }) => ({ dtype, shape })),
    f,
  ).program;
}

/** The results of a step. */
export function runStep(step: Step, inputs: readonly Tensor[]): readonly Tensor[] {
  switch (step.kind) {
    case "plain":
      return emit(step.primitive, step.parameters as Parameters[Plain], inputs);
    case "constant":
      return [asTensor(step.value, step.value.dtype)];
    case "case":
      return caseOf(step).apply(...inputs);
    case "scan":
      return scanned(runSketch(step.bodies[0]), step)(inputs);
    case "while":
      return repeated(runSketch(step.bodies[0]), runSketch(step.bodies[1]), step.constants)(inputs);
    case "switch":
      return chosen(step.bodies.map(runSketch))(inputs);
    case "checkpoint":
      return recomputed(runSketch(step.bodies[0]))(inputs);
    case "custom":
      return withOwnRule(runSketch(step.bodies[0]))(inputs);
    case "grad":
      return gradients(runSketch(step.bodies[0]), step.count)(inputs);
    case "jvp":
      return forward(runSketch(step.bodies[0]), step.count)(inputs);
    case "vmap":
      return batched(runSketch(step.bodies[0]), step.axes)(inputs);
  }
}

/** The types of the results of each step. */
export function resultTypes(sketch: Sketch): readonly (readonly TensorType[])[] {
  const types: TensorType[][] = [];
  programOf(sketch.inputs, (inputs) => {
    const values = [...inputs];
    for (const step of sketch.steps) {
      const operands = step.inputs.map((input) => values[input] as Tensor);
      const results = runStep(step, operands);
      types.push(results.map(({ dtype, shape }) => ({ dtype, shape })));
      values.push(...results);
    }
    return sketch.outputs.map((output) => values[output] as Tensor);
  });
  return types;
}

/** A loop; inputs: length, constants, carry, sequences. */
export function scanned(f: Body, { constants, carry, bound, reverse }: Omit<Parameters["scan"], "body">): Body {
  return (inputs) => {
    const types = inputs.slice(1).map(({ dtype, shape }, i) => ({
      dtype,
      shape: i < constants + carry ? shape : shape.slice(1),
    }));
    return emit("scan", { body: programOf(types, f), constants, carry, bound, reverse }, inputs);
  };
}

/** A loop while a condition holds; inputs: constants of both, then the carry. */
export function repeated(condition: Body, body: Body, constants: number): Body {
  return (inputs) => {
    const programs = { condition: programOf(inputs, condition), body: programOf(inputs, body) };
    const parameters = { ...programs, conditionConstants: constants, bodyConstants: constants };
    return emit("while", parameters, [...inputs.slice(0, constants), ...inputs]);
  };
}

/** One of some branches; inputs: its number, then those of all. */
export function chosen(branches: readonly Body[]): Body {
  return (inputs) => emit("switch", { branches: branches.map((f) => programOf(inputs.slice(1), f)) }, inputs);
}

/** `f` under `checkpoint`. */
export function recomputed(f: Body): Body {
  return (inputs) => checkpoint((...x: Tensor[]) => f(x))(...inputs);
}

/** `f` as a function with a rule of its own, which is its derivative. */
export function withOwnRule(f: Body): Body {
  const list = (...x: Tensor[]): Tensor[] => [...f(x)];
  return (inputs) => customJvp(list, (primals, _, tangents) => jvp(list, primals, tangents)[1])(...inputs);
}

/** One number from all float results, each with its own weight. */
export function weightedSum(results: readonly Tensor[]): Tensor {
  const parts = results
    .filter(({ dtype }) => isFloat(dtype))
    .map((result, i) => sum(mul(convert(result, "float64"), numbers(result.shape, 0.5, 1.5, 3 * i))));
  return add(full([], 0), ...parts);
}

/** The gradient of `weightedSum` in the first `count` inputs; the others are closed over. */
export function gradients(f: Body, count: number): Body {
  return (inputs) => {
    const others = inputs.slice(count);
    return grad((own: readonly Tensor[]) => weightedSum(f([...own, ...others])))(inputs.slice(0, count)) as Tensor[];
  };
}

/** Results, then tangents of the float results, along the last inputs. */
export function forward(f: Body, count: number): Body {
  return (inputs) => {
    const primals = inputs.slice(0, inputs.length - count);
    const others = primals.slice(count);
    const [results, tangents] = jvp(
      (...own: Tensor[]) => [...f([...own, ...others])],
      primals.slice(0, count),
      inputs.slice(inputs.length - count),
    ) as [Tensor[], Tensor[]];
    return [...results, ...tangents.filter(({ dtype }) => isFloat(dtype))];
  };
}

/** For all members along axis 0 of the marked inputs; those that are not marked are closed over. */
export function batched(f: Body, axes: readonly boolean[]): Body {
  return (inputs) => {
    const own = inputs.filter((_, i) => axes[i] === true);
    const one = (...members: Tensor[]): Tensor[] => {
      let next = 0;
      return [...f(inputs.map((input, i) => (axes[i] === true ? (members[next++] as Tensor) : input)))];
    };
    return vmap(one)(...own);
  };
}
