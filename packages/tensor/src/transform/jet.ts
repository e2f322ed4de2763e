/**
 * Taylor mode on functions of trees: the Taylor coefficients of f(x(t)), and those of the solution of x' = f(x).
 */
import { isFloat } from "../dtype.ts";
import { TensorError } from "../errors.ts";
import { prune } from "../program/arrange.ts";
import { showType } from "../program/infer.ts";
import type { TensorType } from "../program/program.ts";
import { arrangedLike, withLeaves } from "../pytree.ts";
import { integral, type Series, series, still, tensorAt } from "../rules/series.ts";
import { build, inline } from "../trace/builder.ts";
import type { Tensor } from "../trace/tensor.ts";
import { tensorLeaves, traceClosure } from "../trace/trace.ts";
import type { TensorTree } from "./differentiate.ts";
import { context, knownSeriesOf, seriesOf } from "./jet-program.ts";

/**
 * The Taylor coefficients of f along a curve: with x(t) = Σ x_k t^k, those of f(x(t)), y_k = (d/dt)^k f(x(t)) / k! at 0.
 *
 * Order K costs of the order of K² times `f`, where jvp nested K times costs 2^K. Of one order it is `jvp`: `jet(f, [x, t])`
 * is the value and the tangent. Derivatives along a straight line are those of `jet(f, [[x], [v]])` with zeros above.
 * Every primitive and every derivative of a user's own takes part; what comes out can be differentiated and batched again.
 *
 * @param coefficients One list of arguments (trees of tensors) for each power of t: the point first, then as many as are
 *   wanted. Of leaves that are not floats only the first counts.
 * @returns As many trees like the result of `f`; above the first, zeros for leaves that are not floats.
 * @example
 * const f = (x: Tensor) => jet((y: Tensor) => exp(y), [[x], [array(1)], [array(0)], [array(0)]]);
 * evaluate(f, array(0)).map(({ data }) => (data[0] as number) * 6); // => [6, 6, 3, 1]
 *
 * Errors: no coefficients; shapes that differ from power to power.
 * Source: Griewank, A., Walther, A. (2008), Evaluating Derivatives, 2nd ed., chapter 13.
 */
export function jet<Result>(
  f: (...inputs: never[]) => Result,
  coefficients: readonly (readonly unknown[])[],
): TensorTree<Result>[] {
  const [primals, ...above] = coefficients;
  if (primals === undefined) {
    throw new TensorError(
      "Cannot take a jet: expected at least the arguments at t = 0, got none",
      "Pass [[x0], [x1], …]: a list of arguments for each power of t.",
    );
  }
  const traced = traceClosure(f, primals);
  const values = tensorLeaves(primals);
  const order = above.length;
  const rows = above.map((row) => tensorLeaves(arrangedLike(primals, row, "take a jet")));
  rows.forEach((row) => {
    expectLike(values, row);
  });
  const given = rows.map((row) => row.map((leaf) => (isFloat(leaf.dtype) && !isZero(leaf) ? leaf : null)));
  const used = given.flatMap((row) => row.filter((leaf) => leaf !== null));
  const types = [...traced.program.inputs.map(({ type }) => type), ...used];
  const { program } = build(
    types.map(({ dtype, shape }) => ({ dtype, shape })),
    (tensors) => {
      let next = traced.program.inputs.length;
      const inside = given.map((row) => row.map((leaf) => (leaf === null ? null : (tensors[next++] as Tensor))));
      const inputs = traced.program.inputs.map(({ type }, i) => {
        const moves = inside.some((row) => row[i] != null);
        const start = tensors[i] as Tensor;
        return moves ? series(type, (k) => (k === 0 ? start : (inside[k - 1]?.[i] ?? null))) : still(start);
      });
      const outputs = knownSeriesOf(traced.program, inputs, order);
      return outputs.flatMap((output) => coefficients.map((_, k) => tensorAt(output, k)));
    },
  );
  const found = inline(prune(program), [...values, ...traced.captures, ...used]);
  return coefficients.map((_, k) =>
    withLeaves(
      traced.result,
      traced.program.outputs.map((__, i) => found[i * coefficients.length + k]),
    ),
  ) as TensorTree<Result>[];
}

/** Whether it is a constant of zeros, which takes no part. */
function isZero({ atom }: Tensor): boolean {
  if (atom.kind !== "constant") return false;
  return typeof atom.value === "number" ? atom.value === 0 : atom.value.every((value) => value === 0);
}

/**
 * The Taylor coefficients of the solution of x' = f(x) that starts at `x`: all of them in one sweep, of the order of
 * `order`² times the cost of `f`. The solution a time h later is Σ x_k h^k, within its radius of convergence.
 *
 * @param f From a tree of float tensors to a tree like it. A time that the law depends on is one more number with rate 1.
 * @param order The highest power, at least 0.
 * @returns order + 1 trees like x.
 * @example
 * const decay = (x: Tensor) => solutionSeries((y: Tensor) => neg(y), x, 3); // e^-t
 * evaluate(decay, array(6)).map(({ data }) => data[0]); // => [6, -6, 3, -1]
 *
 * Errors: a result of other types than x.
 * Source: Jorba, À., Zou, M. (2005), A software package for the numerical integration of ODEs by means of high-order Taylor
 * methods, section 2, doi:10.1080/10586458.2005.10128904.
 */
export function solutionSeries<X>(f: (x: X) => unknown, x: X, order: number): TensorTree<X>[] {
  const traced = traceClosure((state: X) => arrangedLike(x, f(state), "take the series of a solution"), [x]);
  const values = tensorLeaves(x);
  expectLike(
    values,
    traced.program.outputs.map(({ type }) => type),
  );
  const types = traced.program.inputs.map(({ type }) => type);
  const { program } = build(types, (tensors) => {
    const rates: Series[] = [];
    const solution = values.map(({ dtype, shape }, i) =>
      integral(
        { dtype, shape },
        () => tensors[i] as Tensor,
        () => rates[i] as Series,
      ),
    );
    const captured = tensors.slice(values.length).map(still);
    const { outputs, all } = seriesOf(traced.program, [...solution, ...captured], context(null));
    rates.push(...outputs);
    // Order by order, so that long programs need no deep recursion.
    for (let k = 0; k < order; k++) for (const one of all) one.at(k);
    return solution.flatMap((one) => Array.from({ length: order + 1 }, (_, k) => tensorAt(one, k)));
  });
  const found = inline(program, [...values, ...traced.captures]);
  return Array.from({ length: order + 1 }, (_, k) =>
    withLeaves(
      x,
      values.map((__, i) => found[i * (order + 1) + k]),
    ),
  ) as TensorTree<X>[];
}

function expectLike(wanted: readonly TensorType[], found: readonly TensorType[]): void {
  const [a, b] = [wanted, found].map((types) => types.map(showType).join(", "));
  if (a === b) return;
  throw new TensorError(
    `Cannot take a Taylor series: expected ${a}, got ${b}`,
    "Give every power of t, and the rate of a solution, the structure and types of the point.",
  );
}
