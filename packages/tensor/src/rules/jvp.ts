/**
 * Derivative rules: for each primitive, the tangent of its outputs, linear in the tangents of its inputs.
 *
 * A tangent of null is zero and known to be so; integers and truth values never have another. Rules are written with
 * the same operations that a user calls, so that their results can be differentiated again without end.
 */
import { isFloat } from "../dtype.ts";
import { broadcastTo } from "../ops/broadcasting.ts";
import { equal, less, select } from "../ops/comparison.ts";
import { add, div, mul, neg, sign, sub } from "../ops/elementwise.ts";
import { reshape, zerosLike } from "../ops/movement.ts";
import { sum } from "../ops/reduction.ts";
import type { CorePrimitive, Parameters, PrimitiveName } from "../program/primitive.ts";
import { emitOne } from "../trace/builder.ts";
import type { Tensor } from "../trace/tensor.ts";
import { type FlatPrimitive, flatPrimitives } from "./flat-primitives.ts";
import {
  type JvpRule,
  type JvpRules,
  type JvpTransform,
  loadedJvpRules,
  type Tangent,
  type WithTangents,
} from "./jvp-rule.ts";
import { changed, constant, full, linear, one, plus, scale, unary } from "./tangents.ts";

/** Applies the rule of a primitive. */
export function applyJvp<P extends PrimitiveName>(
  primitive: P,
  parameters: Parameters[P],
  primals: readonly Tensor[],
  tangents: readonly Tangent[],
  transform: JvpTransform,
): WithTangents {
  const rule = (coreRules as Partial<JvpRules>)[primitive] ?? loadedJvpRules.find(primitive);
  return rule(parameters, primals, tangents, transform);
}

/** The larger or smaller of two: the derivative of the one chosen, half of each when equal. */
const extremum =
  <P extends "max" | "min">(primitive: P): JvpRule<P> =>
  (parameters, inputs, [ta, tb]) => {
    const [a, b] = inputs as [Tensor, Tensor];
    const y = emitOne(primitive, parameters, inputs);
    if (ta == null && tb == null) return one(y, null);
    const chosen = primitive === "max" ? less(b, a) : less(a, b);
    const weight = select(chosen, 1, select(equal(a, b), full(a, 0.5), full(a, 0)));
    return one(
      y,
      plus(
        scale(ta, () => weight),
        scale(tb, () => sub(1, weight)),
      ),
    );
  };

/** The extreme over axes: the mean derivative of the elements that attain it. */
const reducedExtremum =
  <P extends "reduceMax" | "reduceMin">(primitive: P): JvpRule<P> =>
  (parameters, inputs, [t]) => {
    const { axes } = parameters;
    const x = inputs[0] as Tensor;
    const y = emitOne(primitive, parameters, [x]);
    if (t == null) return one(y, null);
    const kept = reshape(
      y,
      x.shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent)),
    );
    const attained = equal(x, broadcastTo(kept, x.shape));
    const count = sum(select(attained, full(x, 1), 0), axes);
    return one(y, div(sum(select(attained, t, 0), axes), count));
  };

const concatenateRule: JvpRule<"concatenate"> = (parameters, inputs, tangents) => {
  const y = emitOne("concatenate", parameters, inputs);
  if (tangents.every((t) => t === null)) return one(y, null);
  return one(
    y,
    emitOne(
      "concatenate",
      parameters,
      inputs.map((x, i) => tangents[i] ?? zerosLike(x)),
    ),
  );
};

const flatRules = Object.fromEntries(flatPrimitives.map((primitive) => [primitive, constant(primitive)])) as {
  [P in FlatPrimitive]: JvpRule<P>;
};

const coreRules: Pick<JvpRules, CorePrimitive> = {
  ...flatRules,
  sqrt: unary("sqrt", (_, y) => div(0.5, y)),
  exp: unary("exp", (_, y) => y),
  expm1: unary("expm1", (_, y) => add(y, 1)),
  tanh: unary("tanh", (_, y) => sub(1, mul(y, y))),
  abs: unary("abs", (x) => sign(x)),
  neg: linear("neg"),
  add: (_, inputs, [ta, tb]) => one(emitOne("add", {}, inputs), plus(ta ?? null, tb ?? null)),
  sub: (_, inputs, [ta, tb]) => one(emitOne("sub", {}, inputs), plus(ta ?? null, tb == null ? null : neg(tb))),
  mul: (_, inputs, [ta, tb]) => {
    const [a, b] = inputs as [Tensor, Tensor];
    return one(
      mul(a, b),
      plus(
        scale(ta, () => b),
        scale(tb, () => a),
      ),
    );
  },
  div: (_, inputs, [ta, tb]) => {
    const [a, b] = inputs as [Tensor, Tensor];
    const y = div(a, b);
    return one(y, plus(ta == null ? null : div(ta, b), tb == null ? null : neg(mul(tb, div(y, b)))));
  },
  max: extremum("max"),
  min: extremum("min"),
  select: (_, inputs, [, ta, tb]) => {
    const y = emitOne("select", {}, inputs);
    const t = ta == null && tb == null ? null : select(inputs[0] as Tensor, ta ?? zerosLike(y), tb ?? zerosLike(y));
    return one(y, t);
  },
  convert: (parameters, inputs, [t]) => {
    const y = emitOne("convert", parameters, inputs);
    return one(y, t == null || !isFloat(parameters.dtype) ? null : emitOne("convert", parameters, [t]));
  },
  allSum: linear("allSum"),
  reduceSum: linear("reduceSum"),
  reduceMax: reducedExtremum("reduceMax"),
  reduceMin: reducedExtremum("reduceMin"),
  broadcast: linear("broadcast"),
  reshape: linear("reshape"),
  transpose: linear("transpose"),
  reverse: linear("reverse"),
  slice: linear("slice"),
  pad: linear("pad"),
  concatenate: concatenateRule,
  dot: (parameters, inputs, [ta, tb]) => {
    const [a, b] = inputs as [Tensor, Tensor];
    const left = ta == null ? null : emitOne("dot", parameters, [ta, b]);
    const right = tb == null ? null : emitOne("dot", parameters, [a, tb]);
    return one(emitOne("dot", parameters, [a, b]), plus(left, right));
  },
  gather: linear("gather"),
  scatterAdd: linear("scatterAdd"),
  addAt: changed("addAt"),
};
