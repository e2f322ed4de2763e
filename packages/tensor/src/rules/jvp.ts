/**
 * Derivative rules: for each primitive, the tangent of its outputs, linear in the tangents of its inputs.
 *
 * A tangent of null is zero and known to be so; integers and truth values never have another. Rules are written with
 * the same operations that a user calls, so that their results can be differentiated again without end.
 */
import { isFloat } from "../dtype.ts";
import { broadcastTo } from "../ops/broadcasting.ts";
import { and, equal, less, lessEqual, not, select } from "../ops/comparison.ts";
import {
  abs,
  add,
  cos,
  div,
  exp,
  floor,
  log,
  maximum,
  mul,
  neg,
  pow,
  sign,
  sin,
  stopGradient,
  sub,
} from "../ops/elementwise.ts";
import { digamma, polygamma } from "../ops/gamma.ts";
import { reshape, zerosLike } from "../ops/movement.ts";
import { sum } from "../ops/reduction.ts";
import type { FloatUnary, Parameters, PrimitiveName } from "../program/primitive.ts";
import { emit, emitOne } from "../trace/builder.ts";
import type { Tensor } from "../trace/tensor.ts";
import { checkpointJvp, customJvpRule, linearJvp } from "./call-jvp.ts";
import { scanJvp, whileJvp } from "./control-flow-jvp.ts";
import { type FlatPrimitive, flatPrimitives } from "./flat-primitives.ts";
import type { JvpRule, JvpTransform, Tangent, WithTangents } from "./jvp-rule.ts";
import {
  choleskyJvp,
  linearSolveJvp,
  logDeterminantJvp,
  luJvp,
  qrJvp,
  triangularSolveJvp,
} from "./linear-algebra-jvp.ts";
import { eighJvp, svdJvp } from "./spectral-jvp.ts";
import { switchJvp } from "./switch.ts";

/** Applies the rule of a primitive. */
export function applyJvp<P extends PrimitiveName>(
  primitive: P,
  parameters: Parameters[P],
  primals: readonly Tensor[],
  tangents: readonly Tangent[],
  transform: JvpTransform,
): WithTangents {
  const rule = rules[primitive] as JvpRule<P>;
  return rule(parameters, primals, tangents, transform);
}

const one = (primal: Tensor, tangent: Tangent): WithTangents => ({ primals: [primal], tangents: [tangent] });
const plus = (a: Tangent, b: Tangent): Tangent => (a === null ? b : b === null ? a : add(a, b));
const scale = (tangent: Tangent | undefined, by: () => Tensor): Tangent =>
  tangent == null ? null : mul(tangent, by());

/** y = f(x): the tangent is t f'(x). */
const unary =
  <P extends FloatUnary | "abs">(primitive: P, derivative: (x: Tensor, y: Tensor) => Tensor): JvpRule<P> =>
  (parameters, [x], [t]) => {
    const y = emitOne(primitive, parameters, [x as Tensor]);
    return one(
      y,
      scale(t, () => derivative(x as Tensor, y)),
    );
  };

/** Linear in its one float input: the same primitive on the tangent. */
const linear =
  <P extends PrimitiveName>(primitive: P): JvpRule<P> =>
  (parameters, inputs, [t]) => {
    const y = emitOne(primitive, parameters, inputs);
    return one(y, t == null ? null : emitOne(primitive, parameters, [t, ...inputs.slice(1)]));
  };

/** Piecewise constant, or not of floats. */
const constant =
  <P extends PrimitiveName>(primitive: P): JvpRule<P> =>
  (parameters, inputs) => {
    const primals = emit(primitive, parameters, inputs);
    return { primals, tangents: primals.map(() => null) };
  };

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

const full = (like: Tensor, value: number): Tensor => add(zerosLike(like), value);

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

const powRule: JvpRule<"pow"> = (_, inputs, [ta, tb]) => {
  const [a, b] = inputs as [Tensor, Tensor];
  const y = pow(a, b);
  // x^0 has derivative 0 also at 0, and 0^b with b > 0 has derivative 0 in b, where the plain formulas give NaN. The base is
  // replaced before the power is taken, since a NaN that is thrown away comes back in the next derivative.
  const byBase = (): Tensor => {
    const endless = and(equal(b, 0), not(less(abs(div(1, a)), Infinity)));
    return mul(b, pow(select(endless, 1, a), sub(b, 1)));
  };
  const byExponent = (): Tensor => mul(y, log(select(lessEqual(a, 0), 1, a)));
  return one(y, plus(scale(ta, byBase), scale(tb, byExponent)));
};

/**
 * The coordinates over their squared distance, both measured by the larger one, so that no square overflows. At the origin,
 * where there is no derivative, it is 0.
 */
const atan2Rule: JvpRule<"atan2"> = (_, inputs, [ty, tx]) => {
  const [y, x] = inputs as [Tensor, Tensor];
  const angle = emitOne("atan2", {}, [y, x]);
  if (ty == null && tx == null) return one(angle, null);
  const larger = stopGradient(maximum(abs(x), abs(y)));
  const origin = equal(larger, 0);
  const unit = select(origin, 1, larger);
  const [height, width] = [div(y, unit), div(x, unit)];
  const square = select(origin, 1, mul(unit, add(mul(height, height), mul(width, width))));
  return one(
    angle,
    plus(
      scale(ty, () => select(origin, 0, div(width, square))),
      scale(tx, () => select(origin, 0, neg(div(height, square)))),
    ),
  );
};

const remRule: JvpRule<"rem"> = (_, inputs, [ta, tb]) => {
  const [a, b] = inputs as [Tensor, Tensor];
  const y = emitOne("rem", {}, [a, b]);
  const quotient = (): Tensor => {
    const ratio = div(sub(a, y), b);
    return neg(mul(sign(ratio), floor(add(abs(ratio), 0.5))));
  };
  return one(y, plus(ta ?? null, scale(tb, quotient)));
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

/** Linear in the operand and in what changes it; positions have no derivative. */
const changed =
  <P extends "addAt" | "updateSlice">(primitive: P): JvpRule<P> =>
  (parameters, inputs, [t, u]) => {
    const [x, update, where] = inputs as [Tensor, Tensor, Tensor];
    const y = emitOne(primitive, parameters, inputs);
    if (t == null && u == null) return one(y, null);
    return one(y, emitOne(primitive, parameters, [t ?? zerosLike(x), u ?? zerosLike(update), where]));
  };

const fftJvp: JvpRule<"fft"> = (parameters, inputs, tangents) => {
  const primals = emit("fft", parameters, inputs);
  if (tangents.every((t) => t === null)) return { primals, tangents: [null, null] };
  const parts = inputs.map((x, i) => tangents[i] ?? zerosLike(x));
  return { primals, tangents: emit("fft", parameters, parts) };
};

const flatRules = Object.fromEntries(flatPrimitives.map((primitive) => [primitive, constant(primitive)])) as {
  [P in FlatPrimitive]: JvpRule<P>;
};

const rules: { [P in PrimitiveName]: JvpRule<P> } = {
  ...flatRules,
  sqrt: unary("sqrt", (_, y) => div(0.5, y)),
  exp: unary("exp", (_, y) => y),
  expm1: unary("expm1", (_, y) => add(y, 1)),
  log: unary("log", (x) => div(1, x)),
  log1p: unary("log1p", (x) => div(1, add(x, 1))),
  sin: unary("sin", (x) => cos(x)),
  cos: unary("cos", (x) => neg(sin(x))),
  tanh: unary("tanh", (_, y) => sub(1, mul(y, y))),
  erf: unary("erf", (x) => mul(2 / Math.sqrt(Math.PI), exp(neg(mul(x, x))))),
  erfc: unary("erfc", (x) => mul(-2 / Math.sqrt(Math.PI), exp(neg(mul(x, x))))),
  lgamma: unary("lgamma", (x) => digamma(x)),
  digamma: unary("digamma", (x) => polygamma(1, x)),
  polygamma: ({ order }, [x], [t]) =>
    one(
      emitOne("polygamma", { order }, [x as Tensor]),
      scale(t, () => polygamma(order + 1, x as Tensor)),
    ),
  atan2: atan2Rule,
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
  rem: remRule,
  pow: powRule,
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
  updateSlice: changed("updateSlice"),
  cumulativeSum: linear("cumulativeSum"),
  fft: fftJvp,
  cholesky: choleskyJvp,
  triangularSolve: triangularSolveJvp,
  lu: luJvp,
  linearSolve: linearSolveJvp,
  logDeterminant: logDeterminantJvp,
  eigh: eighJvp,
  svd: svdJvp,
  qr: qrJvp,
  scan: scanJvp,
  while: whileJvp,
  switch: switchJvp,
  checkpoint: checkpointJvp,
  custom: customJvpRule,
  linear: linearJvp,
};
