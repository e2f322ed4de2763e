/**
 * Taylor rules: for each primitive, the Taylor coefficients of its outputs from those of its inputs.
 *
 * A primitive needs no row here. Without one its rule is derived from its jvp rule: y' = ∂f(x) x' says that coefficient k of
 * y is coefficient k-1 of y' over k, and what the jvp rule computes y' from (x, x', and y itself up to there) are series by
 * the same rules. So exp, log, tanh, the trigonometric functions, erf and every derivative that a user gives have their
 * classical recurrences, of cost k for coefficient k. The rows below are for what is linear, where the coefficients do not
 * mix, for products, quotients and solutions, on which the others rest, and for loops and branches, whose bodies are transformed once.
 *
 * Source: Griewank, A., Walther, A. (2008), Evaluating Derivatives, 2nd ed., chapter 13.
 */
import { isFloat } from "../dtype.ts";
import { lessEqual, select } from "../ops/comparison.ts";
import { add, div, mul, neg, sub } from "../ops/elementwise.ts";
import { infer } from "../program/infer.ts";
import type { Parameters, PrimitiveName } from "../program/primitive.ts";
import { emit, emitOne } from "../trace/builder.ts";
import { full, type Tensor } from "../trace/tensor.ts";
import { derivedJet } from "./derived-jet.ts";
import { flatPrimitives } from "./flat-primitives.ts";
import type { JetContext, JetRule } from "./jet-rule.ts";
import type { Tangent } from "./jvp-rule.ts";
import { checkpointJet, scanJet, switchJet, whileJet } from "./loop-jet.ts";
import { integral, rate, type Series, series, still, tensorAt } from "./series.ts";
import { linearSolveJet, triangularSolveJet } from "./solve-jet.ts";

/** Applies the rule of a primitive. The same primitive applied to the same series is found again. */
export function applyJet<P extends PrimitiveName>(
  primitive: P,
  parameters: Parameters[P],
  inputs: readonly Series[],
  context: JetContext,
): readonly Series[] {
  const empty = Object.keys(parameters).length === 0;
  const key = [primitive, empty ? 0 : context.identity(parameters), ...inputs.map(context.identity)].join();
  const before = context.known.get(key);
  if (before !== undefined) return before;
  const found = make(primitive, parameters, inputs, context);
  context.known.set(key, found);
  return found;
}

const flat: ReadonlySet<PrimitiveName> = new Set(flatPrimitives);

function make<P extends PrimitiveName>(
  primitive: P,
  parameters: Parameters[P],
  inputs: readonly Series[],
  context: JetContext,
): readonly Series[] {
  if (flat.has(primitive) || inputs.every((input) => input.still)) {
    const values = emit(
      primitive,
      parameters,
      inputs.map((input) => tensorAt(input, 0)),
    );
    return values.map(still);
  }
  const rule = rules[primitive] as JetRule<P> | undefined;
  return rule === undefined
    ? derivedJet(primitive, parameters, inputs, context, applyJet)
    : rule(parameters, inputs, context);
}

const plus = (a: Tangent, b: Tangent): Tangent => (a === null ? b : b === null ? a : add(a, b));

const minus = (a: Tangent, b: Tangent): Tangent => (b === null ? a : a === null ? neg(b) : sub(a, b));

/** Sums and differences, without adding zeros. */
const combined =
  (primitive: "add" | "sub", combine: (a: Tangent, b: Tangent) => Tangent): JetRule<"add" | "sub"> =>
  (parameters, [a, b]) => [
    series((a as Series).type, (k) =>
      k === 0
        ? emitOne(primitive, parameters, [tensorAt(a as Series, 0), tensorAt(b as Series, 0)])
        : combine((a as Series).at(k), (b as Series).at(k)),
    ),
  ];

/** Linear in all its float operands together: coefficient by coefficient. */
const linear =
  <P extends PrimitiveName>(primitive: P): JetRule<P> =>
  (parameters, inputs) => {
    const [type] = infer(
      primitive,
      parameters,
      inputs.map((input) => input.type),
    ) as [Series["type"]];
    const isMoving = (input: Series): boolean => isFloat(input.type.dtype);
    return [
      series(type, (k) => {
        if (inputs.filter(isMoving).every((input) => input.at(k) === null)) return null;
        return emitOne(
          primitive,
          parameters,
          inputs.map((input) => tensorAt(input, isMoving(input) ? k : 0)),
        );
      }),
    ];
  };

/** Σ product(a_j, b_{k-j}) over `from` <= j <= `to`. */
function convolve(
  a: Series,
  b: Series,
  k: number,
  product: (x: Tensor, y: Tensor) => Tensor,
  from = 0,
  to = k,
): Tangent {
  let total: Tangent = null;
  for (let j = from; j <= to; j++) {
    const x = a.at(j);
    if (x === null) continue;
    const y = b.at(k - j);
    if (y !== null) total = plus(total, product(x, y));
  }
  return total;
}

/** Σ x_j x_{k-j} over `from` <= j <= k - `from`, each pair once; k is at least twice `from`, or odd. */
function squares(x: Series, k: number, from = 0): Tangent {
  const pairs = convolve(x, x, k, mul, from, Math.ceil(k / 2) - 1);
  const middle = k % 2 === 0 ? x.at(k / 2) : null;
  return plus(pairs === null ? null : mul(pairs, 2), middle === null ? null : mul(middle, middle));
}

/** Linear in each of two operands: the Cauchy product. */
const bilinear =
  <P extends "mul" | "dot">(primitive: P): JetRule<P> =>
  (parameters, [a, b]) => {
    const product = (x: Tensor, y: Tensor): Tensor => emitOne(primitive, parameters, [x, y]);
    const [left, right] = [a as Series, b as Series];
    const [type] = infer(primitive, parameters, [left.type, right.type]);
    const at = (k: number): Tangent =>
      primitive === "mul" && left === right ? squares(left, k) : convolve(left, right, k, product);
    return [series(type as Series["type"], at)];
  };

/** q b = a. */
const quotient: JetRule<"div"> = (_, [a, b]) => {
  const [dividend, divisor] = [a as Series, b as Series];
  const q: Series = series(dividend.type, (k) => {
    if (k === 0) return div(tensorAt(dividend, 0), tensorAt(divisor, 0));
    const known = divisor.still ? null : convolve(divisor, q, k, mul, 1);
    const rest = minus(dividend.at(k), known);
    return rest === null ? null : div(rest, tensorAt(divisor, 0));
  });
  return [q];
};

/** y y = x. */
const squareRoot: JetRule<"sqrt"> = (parameters, [x]) => {
  const argument = x as Series;
  const y: Series = series(argument.type, (k) => {
    if (k === 0) return emitOne("sqrt", parameters, [tensorAt(argument, 0)]);
    const rest = minus(argument.at(k), squares(y, k, 1));
    return rest === null ? null : div(rest, mul(tensorAt(y, 0), 2));
  });
  return [y];
};

/**
 * A power: products for exponents 0, 1, 2, …, which hold at a base of 0 too; else y' = y (b' ln x + b x' / x), where the
 * logarithm of what is not positive counts as 0, as in the jvp rule.
 */
const power: JetRule<"pow"> = (_, [a, b], context) => {
  const [base, exponent] = [a as Series, b as Series];
  const whole = wholeNumber(exponent);
  if (whole !== null) return [repeated(base, whole, context)];
  const apply = (primitive: "add" | "mul" | "div" | "log", ...inputs: Series[]): Series =>
    applyJet(primitive, {}, inputs, context)[0] as Series;
  const start = tensorAt(base, 0);
  const speeds = (): Series => {
    const unsuitable = lessEqual(start, 0);
    const safe = series(base.type, (k) => {
      const part = base.at(k);
      return part === null ? null : select(unsuitable, k === 0 ? 1 : 0, part);
    });
    const byExponent = exponent.still ? null : apply("mul", apply("mul", y, rate(exponent)), apply("log", safe));
    const byBase = base.still ? null : apply("div", apply("mul", exponent, apply("mul", y, rate(base))), base);
    return byExponent === null ? (byBase as Series) : byBase === null ? byExponent : apply("add", byExponent, byBase);
  };
  let speed: Series | null = null;
  const y: Series = integral(
    base.type,
    () => emitOne("pow", {}, [start, tensorAt(exponent, 0)]),
    () => {
      speed ??= speeds();
      return speed;
    },
  );
  return [y];
};

/** The exponent if it is one number, 0, 1, …, 64. */
function wholeNumber(exponent: Series): number | null {
  if (!exponent.still) return null;
  const { atom } = tensorAt(exponent, 0);
  const value = atom.kind === "constant" ? (atom.value as number) : Number.NaN;
  return Number.isInteger(value) && value >= 0 && value <= 64 ? value : null;
}

function repeated(x: Series, count: number, context: JetContext): Series {
  if (count === 0) return still(full(x.type.shape, 1, x.type.dtype));
  if (count === 1) return x;
  const half = repeated(x, Math.floor(count / 2), context);
  const [even] = applyJet("mul", {}, [half, half], context) as [Series];
  return count % 2 === 0 ? even : (applyJet("mul", {}, [even, x], context)[0] as Series);
}

/** With fixed residuals it is linear; else what its body does. */
const linearMap: JetRule<"linear"> = (parameters, inputs, context) => {
  const { residuals, body } = parameters;
  if (!inputs.slice(0, residuals).every((input) => input.still)) {
    return derivedJet("linear", parameters, inputs, context, applyJet);
  }
  const results = new Map<number, readonly Tensor[]>();
  const at = (k: number): readonly Tensor[] | null => {
    const moving = inputs.slice(residuals);
    if (moving.every((input) => input.at(k) === null)) return null;
    const found =
      results.get(k) ??
      emit("linear", parameters, [
        ...inputs.slice(0, residuals).map((input) => tensorAt(input, 0)),
        ...moving.map((input) => tensorAt(input, k)),
      ]);
    results.set(k, found);
    return found;
  };
  return body.outputs.map(({ type }, i) => series(type, (k) => at(k)?.[i] ?? null));
};

/** Rows for what is not to be derived; see above. */
const rules: { readonly [P in PrimitiveName]?: JetRule<P> } = {
  neg: linear("neg"),
  add: combined("add", plus),
  sub: combined("sub", minus),
  select: linear("select"),
  convert: linear("convert"),
  allSum: linear("allSum"),
  reduceSum: linear("reduceSum"),
  broadcast: linear("broadcast"),
  reshape: linear("reshape"),
  transpose: linear("transpose"),
  reverse: linear("reverse"),
  slice: linear("slice"),
  pad: linear("pad"),
  concatenate: linear("concatenate"),
  gather: linear("gather"),
  scatterAdd: linear("scatterAdd"),
  mul: bilinear("mul"),
  dot: bilinear("dot"),
  div: quotient,
  sqrt: squareRoot,
  pow: power,
  scan: scanJet,
  while: whileJet,
  checkpoint: checkpointJet,
  switch: switchJet,
  triangularSolve: triangularSolveJet,
  linearSolve: linearSolveJet,
  linear: linearMap,
};
