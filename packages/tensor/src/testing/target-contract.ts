/**
 * The contract of every target: on every primitive, in every element type that it takes, it equals the reference evaluator. Elementwise
 * arithmetic, movement and integers exactly; functions to 2 units in the last place of either side's rounding; sums and
 * contractions within a small multiple of n eps times the sum of absolute terms, which the scale of the cases bounds.
 */
import { describe, expect, test } from "vitest";
import { compile } from "../compile.ts";
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
import { reference } from "../target/reference/reference.ts";
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

interface TypedCase {
  readonly program: Program;
  readonly inputs: readonly HostTensor[];
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

/** Declares the tests of the contract for a target. */
export function describeTarget(target: Target): void {
  describe(target.name, () => {
    for (const dtype of dtypes) {
      const items = allCases.flatMap((item) => {
        const typed = typedCase(item, dtype);
        return typed === null ? [] : [[item.name, typed] as const];
      });
      test.each(items)(`${dtype}: %s equals the reference`, (__, { program, inputs, isExact }) => {
        expectClose(runOn(target, program, inputs), evaluateProgram(program, inputs), isExact);
      });
    }

    test.each(
      allCases
        .filter((item) => item.inputs.some(({ dtype }) => isFloat(dtype)) && item.forwardOnly !== true)
        .map((item) => [item.name, item] as const),
    )("the gradient and its batch: %s", (__, item) => {
      const inputs = item.inputs;
      const first = inputs.findIndex(({ dtype }) => isFloat(dtype));
      const f = (x: Tensor): Tensor => {
        const all = inputs.map((input, i) => (i === first ? x : asTensor(input, "float64")));
        return add(
          0,
          ...item
            .apply(...all)
            .filter(({ dtype }) => isFloat(dtype))
            .map((result) => sum(mul(result, result))),
        );
      };
      const x = inputs[first] as HostTensor;
      const batch = array([...x.data, ...Array.from(x.data, (value) => value * 1.01)], [2, ...x.shape]);
      for (const [g, input] of [
        [grad(f), x],
        [vmap(grad(f)), batch],
      ] as const) {
        const expected = compile(g as never, [input], reference()).callSync(input) as HostTensor;
        expectClose([compile(g as never, [input], target).callSync(input) as HostTensor], [expected], false);
      }
    });

    test("a network's loss, gradient and Hessian of the input", () => {
      const [w1, w2, x] = [numbers([3, 37], -1, 1), numbers([37, 2], -1, 1, 4), numbers([21, 3], -1, 1, 9)];
      const energy = (weights: readonly Tensor[], z: Tensor): Tensor =>
        sum(tanh(matmul(tanh(matmul(z, weights[0] as Tensor)), weights[1] as Tensor)));
      const loss = (weights: readonly Tensor[], points: Tensor): Tensor =>
        mean(vmap((z: Tensor) => sum(hessian((y) => energy(weights, y))(z)))(points));
      const f = (a: Tensor, b: Tensor, points: Tensor): readonly Tensor[] => {
        const [value, [da, db]] = valueAndGrad(loss as (weights: readonly Tensor[], points: Tensor) => Tensor)(
          [a, b],
          points,
        ) as unknown as [Tensor, [Tensor, Tensor]];
        return [value, da, db];
      };
      const expected = compile(f, [w1, w2, x], reference()).callSync(w1, w2, x) as unknown as HostTensor[];
      expectClose(compile(f, [w1, w2, x], target).callSync(w1, w2, x) as unknown as HostTensor[], expected, false);
    });
  });
}
