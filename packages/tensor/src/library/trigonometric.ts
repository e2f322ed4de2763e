/**
 * Trigonometric and hyperbolic functions and their inverses, made of the primitives to within a few units of the last place,
 * with the derivatives that the formulas of their bodies would lose at the ends of their domains. Elements are floats.
 */

import { emitOneOf } from "../dialect/dialect.ts";
import { trigonometry } from "../dialect/trigonometry.ts";
import { meet, single } from "../ops/broadcasting.ts";
import { less, select } from "../ops/comparison.ts";
import { abs, add, div, exp, expm1, mul, neg, sqrt, square, sub } from "../ops/elementwise.ts";
import type { Tensor, TensorLike } from "../trace/tensor.ts";
import { customJvp } from "./custom-jvp.ts";
import { log, log1p } from "./logarithm.ts";

/** The sine of an angle in radians. */
export function sin(x: TensorLike): Tensor {
  return emitOneOf(trigonometry, "sin", {}, [single(x)]);
}

/** The cosine of an angle in radians. */
export function cos(x: TensorLike): Tensor {
  return emitOneOf(trigonometry, "cos", {}, [single(x)]);
}

/**
 * The angle of the point (x, y) against the x axis in radians, from -pi to pi, as IEEE 754 `atan2`: the signs of zeros
 * choose the side. Derivatives stay in range wherever they are; at the origin they are NaN.
 */
export function atan2(y: TensorLike, x: TensorLike): Tensor {
  return emitOneOf(trigonometry, "atan2", {}, meet("atan2", [y, x]));
}

/** y = f(x) with y' = slope(x, y). */
const withSlope = (f: (x: Tensor) => Tensor, slope: (x: Tensor, y: Tensor) => Tensor): ((x: TensorLike) => Tensor) => {
  const rule = customJvp(f, ([x], y, [t]) => mul(t, slope(x, y)), { bodyDerives: true });
  return (x) => rule(single(x));
};

/** sqrt(1 - x^2), accurate next to 1. */
const across = (x: Tensor): Tensor => sqrt(mul(sub(1, x), add(1, x)));
/** 1 / sqrt(x^2 + 1), in range for every x. */
const overDiagonal = (x: Tensor): Tensor => {
  const size = abs(x);
  const large = less(1, size);
  const ratio = select(large, div(1, select(large, size, 1)), size);
  return div(select(large, ratio, 1), sqrt(add(square(ratio), 1)));
};

const tangent = /* @__PURE__ */ withSlope(
  (x) => div(sin(x), cos(x)),
  (_, y) => add(1, square(y)),
);
/** The tangent of an angle in radians. */
export function tan(x: TensorLike): Tensor {
  return tangent(x);
}

/** The angle from -pi/2 to pi/2 whose tangent is x. */
export function atan(x: TensorLike): Tensor {
  return atan2(x, 1);
}

const arcSine = /* @__PURE__ */ withSlope(
  (x) => atan2(x, across(x)),
  (x) => div(1, across(x)),
);
/** The angle from -pi/2 to pi/2 whose sine is x; NaN outside of -1 to 1. */
export function asin(x: TensorLike): Tensor {
  return arcSine(x);
}

const arcCosine = /* @__PURE__ */ withSlope(
  (x) => atan2(across(x), x),
  (x) => div(-1, across(x)),
);
/** The angle from 0 to pi whose cosine is x; NaN outside of -1 to 1. */
export function acos(x: TensorLike): Tensor {
  return arcCosine(x);
}

/** Above, e^x is all of 2 sinh x and 2 cosh x, and is made of two factors, since it may be too large by itself. */
const wide = 20;
const halfPower = (size: Tensor): Tensor => {
  const root = exp(mul(0.5, size));
  return mul(mul(0.5, root), root);
};

const hyperbolicSine: (x: TensorLike) => Tensor = /* @__PURE__ */ withSlope(
  (x) => {
    const size = abs(x);
    const small = expm1(size);
    const near = mul(0.5, add(small, div(small, add(small, 1))));
    const positive = select(less(wide, size), halfPower(size), near);
    // Zeros keep their sign.
    return select(less(x, 0), neg(positive), select(less(0, x), positive, x));
  },
  (x) => cosh(x),
);
/** The hyperbolic sine, (e^x - e^-x) / 2. */
export function sinh(x: TensorLike): Tensor {
  return hyperbolicSine(x);
}

const hyperbolicCosine: (x: TensorLike) => Tensor = /* @__PURE__ */ withSlope(
  (x) => {
    const size = abs(x);
    const power = exp(size);
    return select(less(wide, size), halfPower(size), mul(0.5, add(power, div(1, power))));
  },
  (x) => sinh(x),
);
/** The hyperbolic cosine, (e^x + e^-x) / 2. */
export function cosh(x: TensorLike): Tensor {
  return hyperbolicCosine(x);
}

const large = 2 ** 28;

const areaSine = /* @__PURE__ */ withSlope((x) => {
  const size = abs(x);
  const far = less(large, size);
  const near = select(far, 1, size);
  const squared = square(near);
  const low = log1p(add(near, div(squared, add(1, sqrt(add(squared, 1))))));
  const positive = select(far, add(log(select(far, size, 1)), Math.LN2), low);
  return select(less(x, 0), neg(positive), select(less(0, x), positive, x));
}, overDiagonal);
/** The number whose hyperbolic sine is x. */
export function asinh(x: TensorLike): Tensor {
  return areaSine(x);
}

const areaCosine = /* @__PURE__ */ withSlope(
  (x) => {
    const far = less(large, x);
    const above = sub(select(far, 2, x), 1);
    return select(far, add(log(select(far, x, 1)), Math.LN2), log1p(add(above, sqrt(mul(above, add(above, 2))))));
  },
  (x) => div(1, mul(sqrt(sub(x, 1)), sqrt(add(x, 1)))),
);
/** The number from 0 on whose hyperbolic cosine is x; NaN below 1. */
export function acosh(x: TensorLike): Tensor {
  return areaCosine(x);
}

const areaTangent = /* @__PURE__ */ withSlope(
  (x) => {
    const size = abs(x);
    const positive = mul(0.5, log1p(div(mul(2, size), sub(1, size))));
    return select(less(x, 0), neg(positive), select(less(0, x), positive, x));
  },
  (x) => div(1, mul(sub(1, x), add(1, x))),
);
/** The number whose hyperbolic tangent is x; infinite at -1 and 1, NaN beyond. */
export function atanh(x: TensorLike): Tensor {
  return areaTangent(x);
}
