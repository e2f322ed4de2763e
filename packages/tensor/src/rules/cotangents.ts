/**
 * The forms that transpose rules have in common.
 */
import type { Parameters, PrimitiveName } from "../program/primitive.ts";
import type { TensorType } from "../program/program.ts";
import type { Tensor } from "../trace/tensor.ts";
import type { Operand, TransposeRule } from "./transpose-rule.ts";

/** A rule for one float input and one output. */
export const one =
  <P extends PrimitiveName>(
    rule: (parameters: Parameters[P], cotangent: Tensor, input: TensorType, operands: readonly Operand[]) => Tensor,
  ): TransposeRule<P> =>
  (parameters, [cotangent], inputs) => {
    const [x, ...rest] = inputs as [Operand, ...Operand[]];
    return [rule(parameters, cotangent as Tensor, x.type, inputs), ...rest.map(() => null)];
  };

/** A rule by operand for primitives that are linear in each. */
export const each =
  <P extends PrimitiveName>(
    rule: (cotangent: Tensor, index: number, operands: readonly Operand[], parameters: Parameters[P]) => Tensor,
  ): TransposeRule<P> =>
  (parameters, [cotangent], inputs) =>
    inputs.map(({ value }, i) => (value === null ? rule(cotangent as Tensor, i, inputs, parameters) : null));
