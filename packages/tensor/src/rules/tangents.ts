/**
 * The forms that derivative rules have in common.
 */
import { add, mul } from "../ops/elementwise.ts";
import { zerosLike } from "../ops/movement.ts";
import type { FloatUnary, PrimitiveName } from "../program/primitive.ts";
import { emit, emitOne } from "../trace/builder.ts";
import type { Tensor } from "../trace/tensor.ts";
import type { JvpRule, Tangent, WithTangents } from "./jvp-rule.ts";

/** One result and its tangent. */
export const one = (primal: Tensor, tangent: Tangent): WithTangents => ({ primals: [primal], tangents: [tangent] });
/** The sum of two tangents. */
export const plus = (a: Tangent, b: Tangent): Tangent => (a === null ? b : b === null ? a : add(a, b));
/** A tangent times a factor, which is made where there is one. */
export const scale = (tangent: Tangent | undefined, by: () => Tensor): Tangent =>
  tangent == null ? null : mul(tangent, by());

/** y = f(x): the tangent is t f'(x). */
export const unary =
  <P extends FloatUnary | "abs">(primitive: P, derivative: (x: Tensor, y: Tensor) => Tensor): JvpRule<P> =>
  (parameters, [x], [t]) => {
    const y = emitOne(primitive, parameters, [x as Tensor]);
    return one(
      y,
      scale(t, () => derivative(x as Tensor, y)),
    );
  };

/** Linear in its one float input: the same primitive on the tangent. */
export const linear =
  <P extends PrimitiveName>(primitive: P): JvpRule<P> =>
  (parameters, inputs, [t]) => {
    const y = emitOne(primitive, parameters, inputs);
    return one(y, t == null ? null : emitOne(primitive, parameters, [t, ...inputs.slice(1)]));
  };

/** Piecewise constant, or not of floats. */
export const constant =
  <P extends PrimitiveName>(primitive: P): JvpRule<P> =>
  (parameters, inputs) => {
    const primals = emit(primitive, parameters, inputs);
    return { primals, tangents: primals.map(() => null) };
  };

/** One number in the shape and type of a tensor. */
export const full = (like: Tensor, value: number): Tensor => add(zerosLike(like), value);

/** Linear in the operand and in what changes it; positions have no derivative. */
export const changed =
  <P extends "addAt" | "updateSlice">(primitive: P): JvpRule<P> =>
  (parameters, inputs, [t, u]) => {
    const [x, update, where] = inputs as [Tensor, Tensor, Tensor];
    const y = emitOne(primitive, parameters, inputs);
    if (t == null && u == null) return one(y, null);
    return one(y, emitOne(primitive, parameters, [t ?? zerosLike(x), u ?? zerosLike(update), where]));
  };
