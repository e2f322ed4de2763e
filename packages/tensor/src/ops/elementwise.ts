/**
 * Arithmetic and functions by element. Numbers adopt the element type of the tensor beside them; shapes broadcast.
 */
import type { DType } from "../dtype.ts";
import type { CorePrimitive, FloatUnary, NumericUnary } from "../program/primitive.ts";
import { emitOne } from "../trace/builder.ts";
import type { Tensor, TensorLike } from "../trace/tensor.ts";
import { meet, single } from "./broadcasting.ts";
import { lessEqual, select } from "./comparison.ts";

type Pair = "sub" | "div" | "max" | "min";

const pair = (primitive: Pair | "add" | "mul", a: TensorLike, b: TensorLike): Tensor =>
  emitOne(primitive, {}, meet(primitive, [a, b]));
const unary = (primitive: CorePrimitive & (FloatUnary | NumericUnary), x: TensorLike): Tensor =>
  emitOne(primitive, {}, [single(x)]);

/** The sum of all operands, from left to right. */
export function add(first: TensorLike, ...rest: readonly TensorLike[]): Tensor {
  return rest.reduce<Tensor>((sum, x) => pair("add", sum, x), single(first, dtypeOf(rest)));
}
/** The product of all operands, from left to right. */
export function mul(first: TensorLike, ...rest: readonly TensorLike[]): Tensor {
  return rest.reduce<Tensor>((product, x) => pair("mul", product, x), single(first, dtypeOf(rest)));
}
/** a - b. */
export function sub(a: TensorLike, b: TensorLike): Tensor {
  return pair("sub", a, b);
}
/** a / b; integers truncate towards zero. */
export function div(a: TensorLike, b: TensorLike): Tensor {
  return pair("div", a, b);
}
/** The larger of two; NaN if either is NaN. */
export function maximum(a: TensorLike, b: TensorLike): Tensor {
  return pair("max", a, b);
}
/** The smaller of two; NaN if either is NaN. */
export function minimum(a: TensorLike, b: TensorLike): Tensor {
  return pair("min", a, b);
}

/** -x. */
export function neg(x: TensorLike): Tensor {
  return unary("neg", x);
}
/** |x|; the derivative at 0 is 0. */
export function abs(x: TensorLike): Tensor {
  return unary("abs", x);
}
/** -1, 0 or 1; its derivative is 0. */
export function sign(x: TensorLike): Tensor {
  return unary("sign", x);
}
/** The square root. */
export function sqrt(x: TensorLike): Tensor {
  return unary("sqrt", x);
}
/** e to the power x. */
export function exp(x: TensorLike): Tensor {
  return unary("exp", x);
}
/** e^x - 1, accurate near 0. */
export function expm1(x: TensorLike): Tensor {
  return unary("expm1", x);
}
/** The hyperbolic tangent. */
export function tanh(x: TensorLike): Tensor {
  return unary("tanh", x);
}
/** The largest integer not above x; its derivative is 0. */
export function floor(x: TensorLike): Tensor {
  return unary("floor", x);
}
/** The smallest integer not below x; its derivative is 0. */
export function ceil(x: TensorLike): Tensor {
  return unary("ceil", x);
}
/** The nearest integer, ties to even; its derivative is 0. */
export function round(x: TensorLike): Tensor {
  return unary("round", x);
}

/** x, or the bound it is beyond; NaN stays. `low` is at most `high`. */
export function clamp(x: TensorLike, low: TensorLike, high: TensorLike): Tensor {
  return minimum(maximum(x, low), high);
}

/** x². */
export function square(x: TensorLike): Tensor {
  const tensor = single(x);
  return mul(tensor, tensor);
}
/** max(x, 0); the derivative at 0 is 0. */
export function relu(x: TensorLike): Tensor {
  const tensor = single(x);
  return select(lessEqual(tensor, 0), 0, tensor);
}
/** x as another element type; floats to integers truncate towards zero and saturate, NaN gives 0. */
export function convert(x: TensorLike, dtype: DType): Tensor {
  const tensor = single(x, dtype);
  return tensor.dtype === dtype ? tensor : emitOne("convert", { dtype }, [tensor]);
}
/** x itself, with derivative 0. */
export function stopGradient(x: TensorLike): Tensor {
  return emitOne("stopGradient", {}, [single(x)]);
}
/** The sum of x over all workers that run the same program; x itself on one worker. */
export function allSum(x: TensorLike): Tensor {
  return emitOne("allSum", {}, [single(x)]);
}

function dtypeOf(operands: readonly TensorLike[]): DType {
  return operands.find((operand) => typeof operand !== "number")?.dtype ?? "float64";
}
