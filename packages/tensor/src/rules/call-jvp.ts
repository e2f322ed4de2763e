/**
 * Derivatives of equations that hold a program and no loop: `checkpoint`, `custom`, `linear`.
 */

import { TensorError } from "../errors.ts";
import { add } from "../ops/elementwise.ts";
import { zerosLike } from "../ops/movement.ts";
import { where } from "../program/arrange.ts";
import { refuseForward } from "../program/only-transposed.ts";
import { emit, inline } from "../trace/builder.ts";
import type { Tensor } from "../trace/tensor.ts";
import type { JvpRule, Tangent } from "./jvp-rule.ts";

const isNonzero = (tangents: readonly Tangent[]): boolean[] => tangents.map((tangent) => tangent !== null);
const given = (tangents: readonly Tangent[]): Tensor[] => tangents.filter((tangent) => tangent !== null);

/** Tangents put back at their places. */
function spread(mask: readonly boolean[], tensors: readonly Tensor[]): Tangent[] {
  let next = 0;
  return mask.map((flag) => (flag ? (tensors[next++] as Tensor) : null));
}

/** The checkpoint of the derivative. */
export const checkpointJvp: JvpRule<"checkpoint"> = ({ body }, inputs, tangents, transform) => {
  const { program, nonzero } = transform(body, isNonzero(tangents));
  const results = emit("checkpoint", { body: program }, [...inputs, ...given(tangents)]);
  const count = body.outputs.length;
  return { primals: results.slice(0, count), tangents: spread(nonzero, results.slice(count)) };
};

/** The rule that the equation carries, or the derivative of its body where that may stand in. Errors: neither. */
export const customJvpRule: JvpRule<"custom"> = (parameters, inputs, tangents, transform) => {
  if (parameters.derivative === undefined && parameters.bodyDerives === true) {
    const { program, nonzero } = transform(parameters.body, isNonzero(tangents));
    const results = inline(program, [...inputs, ...given(tangents)]);
    const count = parameters.body.outputs.length;
    return { primals: results.slice(0, count), tangents: spread(nonzero, results.slice(count)) };
  }
  if (parameters.derivative === undefined) {
    throw new TensorError(
      "Cannot differentiate a function with a derivative of its own: expected the rule, got a program that was read from a file",
      "Rules are code and are not written to files: make the function again from its source to train it further.",
    );
  }
  const mask = isNonzero(tangents);
  const primals = emit("custom", parameters, inputs);
  if (!mask.some(Boolean)) return { primals, tangents: primals.map(() => null) };
  const { program, nonzero } = parameters.derivative(mask);
  const found = inline(program, [...inputs, ...primals, ...(where(mask, tangents) as Tensor[])]);
  return { primals, tangents: spread(nonzero, found) };
};

/** The map of the tangents, plus what a change of the residuals does. */
export const linearJvp: JvpRule<"linear"> = (parameters, inputs, tangents, transform) => {
  const { body, residuals } = parameters;
  if (parameters.onlyTransposed === true) refuseForward();
  const primals = emit("linear", parameters, inputs);
  const [fixed, moving] = [inputs.slice(0, residuals), tangents.slice(residuals)];
  const direct: readonly Tangent[] = moving.some((tangent) => tangent !== null)
    ? emit("linear", parameters, [
        ...fixed,
        ...moving.map((tangent, i) => tangent ?? zerosLike(inputs[residuals + i] as Tensor)),
      ])
    : primals.map(() => null);
  const changes = isNonzero(tangents).map((flag, i) => flag && i < residuals);
  if (!changes.some(Boolean)) return { primals, tangents: direct };
  const derived = transform(body, changes);
  const found = inline(derived.program, [...inputs, ...(where(changes, tangents) as Tensor[])]);
  const indirect = spread(derived.nonzero, found.slice(primals.length));
  return { primals, tangents: direct.map((tangent, i) => plus(tangent, indirect[i] ?? null)) };
};

function plus(a: Tangent, b: Tangent): Tangent {
  return a === null ? b : b === null ? a : add(a, b);
}
