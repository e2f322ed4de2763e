/**
 * The contract of every target: on every primitive, in every element type that it takes, it equals the reference evaluator. Elementwise
 * arithmetic, movement and integers exactly; functions to 2 units in the last place of either side's rounding; sums and
 * contractions within a small multiple of n eps times the sum of absolute terms, which the scale of the cases bounds.
 */
import { describe, expect, test } from "vitest";
import type { DType } from "../dtype.ts";
import { isFloat } from "../dtype.ts";
import { matmul } from "../ops/contraction.ts";
import { add, mul, tanh } from "../ops/elementwise.ts";
import { mean, sum } from "../ops/reduction.ts";
import { definedPrimitives, type PrimitiveName } from "../program/primitive.ts";
import { print } from "../program/print.ts";
import type { Program } from "../program/program.ts";
import type { HostTensor } from "../pytree.ts";
import { evaluateProgram } from "../target/reference/evaluate.ts";
import type { Target } from "../target/target.ts";
import { array, asTensor, type Tensor } from "../trace/tensor.ts";
import { trace } from "../trace/trace.ts";
import { grad, valueAndGrad } from "../transform/differentiate.ts";
import { hessian } from "../transform/jacobian.ts";
import { vmap } from "../transform/vmap.ts";
import type { PrimitiveCase } from "./primitive-case.ts";
import { allCases, numbers, primitiveCases } from "./primitive-cases.ts";
import { retype, retypeValue } from "./retype.ts";
import { runOn } from "./run-on.ts";

const epsilon = { float32: 2 ** -23, float64: 2 ** -52 };
/** Rounded once from an exact result: every target must agree to the last bit. */
const inexact: readonly PrimitiveName[] = [
  "exp",
  "expm1",
  "log",
  "log1p",
  "sin",
  "cos",
  "tanh",
  "erf",
  "erfc",
  "lgamma",
  "digamma",
  "atan2",
  "polygamma",
  "pow",
  "reduceSum",
  "dot",
  "scatterAdd",
  "addAt",
  ...definedPrimitives,
  "scan",
  "while",
  "switch",
  "checkpoint",
  "custom",
  "linear",
];
const isInexact = (item: PrimitiveCase): boolean =>
  inexact.some((primitive) => primitiveCases[primitive].includes(item));

/** The elements types that each case is run in; those that a primitive of it refuses are left out. */
const dtypes = ["float64", "float32", "int32", "uint32", "bool"] as const;

/** A program with its inputs. */
export interface ContractRun {
  readonly program: Program;
  readonly inputs: readonly HostTensor[];
}

/** What a target has to show for the contract. */
export interface ContractTarget {
  readonly name: string;
  /** The outputs of each program. */
  readonly run: (runs: readonly ContractRun[]) => readonly (readonly HostTensor[])[];
  /** How many small programs it is given at once; default 1. */
  readonly atOnce?: number;
}

/** A target as the contract takes it: each program prepared by itself. */
export function oneByOne(target: Target): ContractTarget {
  return { name: target.name, run: (runs) => runs.map(({ program, inputs }) => runOn(target, program, inputs)) };
}

interface TypedCase extends ContractRun {
  readonly isExact: boolean;
}

/** A case in another type than its own is one more case where it has floats. */
function typedCase(item: PrimitiveCase, dtype: DType): TypedCase | null {
  const { program } = trace(item.apply as never, item.inputs);
  const isOwn = dtype === "float64";
  const typed = isOwn ? program : retype(program, dtype);
  if (typed === null || (!isOwn && print(typed) === print(program))) return null;
  return {
    program: typed,
    inputs: item.inputs.map((input) => retypeValue(input, dtype)),
    isExact: !isInexact(item) || !(isOwn || dtype === "float32"),
  };
}

function expectClose(found: readonly HostTensor[], expected: readonly HostTensor[], exact: boolean): void {
  expect(found.map(({ dtype, shape }) => ({ dtype, shape }))).toEqual(
    expected.map(({ dtype, shape }) => ({ dtype, shape })),
  );
  expected.forEach(({ dtype, data }, i) => {
    const actual = (found[i] as HostTensor).data;
    if (exact || !isFloat(dtype)) {
      expect(actual).toEqual(data);
      return;
    }
    const scale = Math.max(1, ...Array.from(data, Math.abs));
    data.forEach((value, k) => {
      expect(Math.abs((actual[k] as number) - value)).toBeLessThanOrEqual(16 * epsilon[dtype as "float32"] * scale);
    });
  });
}

/** The sum of the squares of what a case returns, differentiated by its first input of floats: at it, and on a batch of two. */
function gradientRuns({ apply, inputs }: PrimitiveCase): readonly ContractRun[] {
  const first = inputs.findIndex(({ dtype }) => isFloat(dtype));
  const f = (x: Tensor): Tensor => {
    const all = inputs.map((input, i) => (i === first ? x : asTensor(input, "float64")));
    const results = apply(...all).filter(({ dtype }) => isFloat(dtype));
    return add(0, ...results.map((result) => sum(mul(result, result))));
  };
  const x = inputs[first] as HostTensor;
  const batch = array([...x.data, ...Array.from(x.data, (value) => value * 1.01)], [2, ...x.shape]);
  return [
    { program: trace(grad(f), [x]).program, inputs: [x] },
    { program: trace(vmap(grad(f)), [batch]).program, inputs: [batch] },
  ];
}

/** A network's loss with the Hessian of its input in it, and the gradient of that. */
function networkRun(): ContractRun {
  const inputs = [numbers([3, 37], -1, 1), numbers([37, 2], -1, 1, 4), numbers([21, 3], -1, 1, 9)];
  type Weights = readonly [Tensor, Tensor];
  const energy = ([w1, w2]: Weights, z: Tensor): Tensor => sum(tanh(matmul(tanh(matmul(z, w1)), w2)));
  const loss = (weights: Weights, points: Tensor): Tensor =>
    mean(vmap((z: Tensor) => sum(hessian((y) => energy(weights, y))(z)))(points));
  const f = (w1: Tensor, w2: Tensor, points: Tensor) => valueAndGrad(loss)([w1, w2], points);
  return { program: trace(f, inputs).program, inputs };
}

/** The outputs of each run by its index; a group of runs is made and run when the first of it is asked for. */
function inGroups({ run, atOnce = 1 }: ContractTarget, runs: readonly ContractRun[]) {
  const groups = new Map<number, ReturnType<ContractTarget["run"]>>();
  return (index: number): readonly HostTensor[] => {
    const first = index - (index % atOnce);
    const outputs = groups.get(first) ?? run(runs.slice(first, first + atOnce));
    groups.set(first, outputs);
    return outputs[index - first] as readonly HostTensor[];
  };
}

/** Declares the tests of the contract for a target. */
export function describeTarget(target: ContractTarget): void {
  describe(target.name, () => {
    for (const dtype of dtypes) {
      const items = allCases.flatMap((item) => {
        const typed = typedCase(item, dtype);
        return typed === null ? [] : [{ ...typed, name: item.name }];
      });
      const outputs = inGroups(target, items);
      test.each(items.map((item, i) => [item.name, i, item] as const))(
        `${dtype}: %s equals the reference`,
        (_, i, { program, inputs, isExact }) => {
          expectClose(outputs(i), evaluateProgram(program, inputs), isExact);
        },
      );
    }

    const differentiable = allCases.filter(
      ({ inputs, forwardOnly }) => inputs.some(({ dtype }) => isFloat(dtype)) && forwardOnly !== true,
    );
    test.each(differentiable.map((item) => [item.name, item] as const))("the gradient and its batch: %s", (_, item) => {
      const runs = gradientRuns(item);
      const outputs = target.run(runs);
      runs.forEach(({ program, inputs }, i) => {
        expectClose(outputs[i] as readonly HostTensor[], evaluateProgram(program, inputs), false);
      });
    });

    test("a network's loss, gradient and Hessian of the input", () => {
      const { program, inputs } = networkRun();
      const [found = []] = target.run([{ program, inputs }]);
      expectClose(found, evaluateProgram(program, inputs), false);
    });
  });
}
