/**
 * The contract of linear algebra on every target: factors give back what was decomposed, to a small multiple of n eps of
 * the sum of absolute terms, element by element, so that a badly scaled row or column is held to its own size.
 */
import { describe, expect, it } from "vitest";
import { compile } from "../compile.ts";
import type { DType } from "../dtype.ts";
import {
  cholesky,
  determinant,
  inverse,
  linearSolve,
  logDeterminant,
  lu,
  qr,
  triangularSolve,
} from "../library/linear-algebra.ts";
import { equal, select } from "../ops/comparison.ts";
import { add } from "../ops/elementwise.ts";
import { matrixProduct, matrixTranspose } from "../ops/matrix-product.ts";
import { iota } from "../ops/movement.ts";
import type { HostTensor } from "../pytree.ts";
import { reference } from "../target/reference/reference.ts";
import type { Target } from "../target/target.ts";
import { array, type Tensor } from "../trace/tensor.ts";
import { vmap } from "../transform/vmap.ts";

type Rows = readonly (readonly number[])[];

const epsilon = { float32: 2 ** -23, float64: 2 ** -52 };

/** The matrices of a batch, as rows. */
function matrices({ shape, data }: HostTensor): Rows[] {
  const [rows, columns] = shape.slice(-2) as [number, number];
  return Array.from({ length: data.length / Math.max(1, rows * columns) }, (_, k) =>
    Array.from({ length: rows }, (__, i) => {
      const start = (k * rows + i) * columns;
      return Array.from(data.slice(start, start + columns));
    }),
  );
}

const transposed = (a: Rows): Rows => (a[0] ?? []).map((_, j) => a.map((row) => row[j] as number));
const sizes = (a: Rows): Rows => a.map((row) => row.map(Math.abs));
const product = (a: Rows, b: Rows): Rows => {
  const columns = transposed(b);
  return a.map((row) => columns.map((column) => row.reduce((total, x, k) => total + x * (column[k] as number), 0)));
};
const triangle = (a: Rows, keep: (i: number, j: number) => boolean, unit = false): Rows =>
  a.map((row, i) => row.map((x, j) => (unit && i === j ? 1 : keep(i, j) ? x : 0)));

/** |found - wanted| at most `times` n eps `scale`, everywhere. */
function expectWithin(found: Rows, wanted: Rows, scale: Rows, bound: number): void {
  const worst = found.flatMap((row, i) =>
    row.map((x, j) => {
      const gap = Math.abs(x - (wanted[i]?.[j] as number));
      return gap === 0 ? 0 : gap / (scale[i]?.[j] as number);
    }),
  );
  expect(Math.max(0, ...worst.map((x) => (Number.isNaN(x) ? Number.POSITIVE_INFINITY : x)))).toBeLessThanOrEqual(bound);
}

/** How matrices of a test are made larger or smaller: row i and column j by these factors. */
interface Scaling {
  readonly name: string;
  readonly row: (i: number, n: number) => number;
  readonly column: (j: number, n: number) => number;
}

const even = (name: string, by: number): Scaling => ({ name, row: () => by, column: () => 1 });
const plain = even("of size 1", 1);
const uneven = (i: number, n: number): number => 2 ** Math.round((200 * i) / n - 100);
const scalings: Readonly<Record<"float32" | "float64", readonly Scaling[]>> = {
  float64: [
    plain,
    even("of size 1e150", 1e150),
    even("of size 1e-150", 1e-150),
    { name: "of rows from 2^-100 to 2^100", row: uneven, column: () => 1 },
    { name: "of columns from 2^-100 to 2^100", row: () => 1, column: uneven },
  ],
  float32: [plain, even("of size 1e15", 1e15)],
};

/** Numbers in [-1, 1] without any structure, from a fixed start. */
function scattered(count: number): number[] {
  let state = 1;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

function scaled(n: number, { row, column }: Scaling, dtype: DType, columns = n): HostTensor {
  return array(
    scattered(2 * n * columns).map((x, k) => x * row(Math.floor(k / columns) % n, n) * column(k % columns, n)),
    [2, n, columns],
    dtype,
  );
}

/** Everything at once, so that each size is compiled once. */
function everything(a: Tensor, b: Tensor, tall: Tensor): Record<string, Tensor> {
  const square = matrixProduct(a, matrixTranspose(a));
  // With the diagonal twice as large it is positive definite, however it is scaled.
  const positive = add(square, select(equal(iota(square.shape, -2), iota(square.shape, -1)), square, 0));
  const { factors, permutation, reciprocalCondition } = lu(a);
  const { q, r } = qr(tall);
  return {
    positive,
    root: cholesky(positive),
    factors,
    permutation,
    reciprocalCondition,
    solution: linearSolve(a, b),
    down: triangularSolve(factors, b, { unitDiagonal: true }),
    up: triangularSolve(factors, b, { lower: false }),
    inverse: inverse(a),
    determinant: determinant(a),
    logAbsolute: logDeterminant(a).logAbsolute,
    sign: logDeterminant(a).sign,
    q,
    r,
  };
}

type Found = Record<string, HostTensor>;

/** The function compiled for these types. */
function compiled(f: unknown, inputs: readonly HostTensor[], target: Target): (inputs: readonly HostTensor[]) => Found {
  const program = compile(f as never, inputs, target);
  return (values) => program.callSync(...(values as never[])) as Found;
}

const at = (found: Found, name: string, k: number): Rows => matrices(found[name] as HostTensor)[k] as Rows;

function checkMember(found: Found, inputs: readonly HostTensor[], k: number, eps: number): void {
  const [a, b, tall] = inputs.map((input) => matrices(input)[k] as Rows) as [Rows, Rows, Rows];
  const bound = 4 * (a.length + 2) * eps;
  const factors = at(found, "factors", k);
  const [lower, upper] = [triangle(factors, (i, j) => j < i, true), triangle(factors, (i, j) => j >= i)];
  const order = (found.permutation as HostTensor).data.slice(k * a.length, (k + 1) * a.length);
  const taken = (rows: Rows): Rows => Array.from(order, (i) => rows[i] as readonly number[]);
  const absolute = product(sizes(lower), sizes(upper));
  expectWithin(product(lower, upper), taken(a), absolute, bound);
  const solution = at(found, "solution", k);
  expectWithin(product(taken(a), solution), taken(b), product(absolute, sizes(solution)), 3 * bound);
  const down = at(found, "down", k);
  expectWithin(product(lower, down), b, product(sizes(lower), sizes(down)), bound);
  const up = at(found, "up", k);
  expectWithin(product(upper, up), b, product(sizes(upper), sizes(up)), bound);
  const root = at(found, "root", k);
  expectWithin(
    product(root, transposed(root)),
    at(found, "positive", k),
    product(sizes(root), sizes(transposed(root))),
    bound,
  );
  expect(
    triangle(root, (i, j) => j > i)
      .flat()
      .every((x) => x === 0),
  ).toBe(true);
  checkQr(tall, at(found, "q", k), at(found, "r", k), bound);
  expect(Math.max(...lower.flat().map(Math.abs))).toBe(1);
}

/** Columns of A = Q R to their own length; orthonormal columns of Q. */
function checkQr(a: Rows, q: Rows, r: Rows, bound: number): void {
  const lengths = transposed(a).map((column) => Math.max(...column.map(Math.abs)) * Math.sqrt(a.length));
  expectWithin(
    product(q, r),
    a,
    a.map(() => lengths),
    2 * bound,
  );
  const unit = r.map((_, i) => r.map((__, j) => (i === j ? 1 : 0)));
  expectWithin(
    product(transposed(q), q),
    unit,
    unit.map((row) => row.map(() => 1)),
    2 * bound,
  );
  r.forEach((row, i) => {
    expect(row[i]).toBeGreaterThanOrEqual(0);
    expect(row.slice(0, i).every((x) => x === 0)).toBe(true);
  });
}

/** A batch of matrices, of right-hand sides and of taller matrices. */
function inputsOf(n: number, scaling: Scaling, dtype: DType): readonly HostTensor[] {
  return [scaled(n, scaling, dtype), scaled(n, plain, dtype, 3), scaled(n + 3, scaling, dtype, n)];
}

/** Declares the tests for a target; `extents` are those of its matrices. */
export function describeLinearAlgebra(target: Target, extents: readonly number[]): void {
  describe(`linear algebra on ${target.name}`, () => {
    it.each(extents)("of %i rows gives back the matrix, and measures as the reference", (n) => {
      const run = compiled(everything, inputsOf(n, plain, "float64"), target);
      for (const scaling of scalings.float64) {
        const inputs = inputsOf(n, scaling, "float64");
        const found = run(inputs);
        for (const k of [0, 1]) checkMember(found, inputs, k, epsilon.float64);
      }
      const inputs = inputsOf(n, plain, "float64");
      checkMeasures(run(inputs), compiled(everything, inputs, reference())(inputs), n);
    });

    it.each(extents.filter((n) => n === 3 || n === 8))("of %i rows in float32 gives back the matrix", (n) => {
      const run = compiled(everything, inputsOf(n, plain, "float32"), target);
      for (const scaling of scalings.float32) {
        const inputs = inputsOf(n, scaling, "float32");
        const found = run(inputs);
        for (const k of [0, 1]) checkMember(found, inputs, k, epsilon.float32);
      }
    });

    it.each(extents.filter((n) => n === 3 || n === 8))(
      "of %i rows tells of singular matrices and NaN, without harm to others",
      (n) => {
        checkSpecial(target, n);
      },
    );

    it("maps over a batch as a loop would", () => {
      const inputs = inputsOf(5, plain, "float64");
      const mapped = compiled(vmap(everything), inputs, target)(inputs);
      for (const k of [0, 1]) checkMember(mapped, inputs, k, epsilon.float64);
    });
  });
}

function checkMeasures(found: Found, wanted: Found, n: number): void {
  expect(found.permutation).toEqual(wanted.permutation);
  expect(found.sign).toEqual(wanted.sign);
  const condition = Math.min(...(wanted.reciprocalCondition as HostTensor).data);
  for (const name of ["reciprocalCondition", "determinant", "logAbsolute", "inverse"]) {
    const [a, b] = [found[name] as HostTensor, wanted[name] as HostTensor];
    const scale = Math.max(...Array.from(b.data, Math.abs)) / condition;
    b.data.forEach((value, i) => {
      expect(Math.abs((a.data[i] as number) - value)).toBeLessThanOrEqual(8 * n * epsilon.float64 * scale);
    });
  }
}

/** A batch of a singular matrix, a good one and one with NaN. */
function checkSpecial(target: Target, n: number): void {
  const [good] = matrices(scaled(n, plain, "float64")) as [Rows];
  const flat = good.map((row) => row.map((x, j) => (j === 0 ? 0 : x)));
  const odd = good.map((row, i) => row.map((x) => (i === n - 1 ? Number.NaN : x)));
  const f = (a: Tensor): Record<string, Tensor> => {
    const { sign, logAbsolute } = logDeterminant(a);
    const condition = lu(a).reciprocalCondition;
    return { condition, determinant: determinant(a), sign, logAbsolute, x: inverse(a), ...qr(a) };
  };
  const [batch, one] = [array([flat, good, odd]), array([good])];
  const [found, alone] = [compiled(f, [batch], target)([batch]), compiled(f, [one], target)([one])];
  const valuesOf = (name: string): number[] => Array.from((found[name] as HostTensor).data);
  for (const [name, { data }] of Object.entries(alone)) {
    expect(valuesOf(name).slice(data.length, 2 * data.length)).toEqual(Array.from(data));
    if (name !== "q")
      expect(
        valuesOf(name)
          .slice(2 * data.length)
          .some(Number.isNaN),
      ).toBe(true);
  }
  const measures = ["condition", "determinant", "sign", "logAbsolute"].map((name) => valuesOf(name)[0]);
  expect(measures).toEqual([0, 0, 0, Number.NEGATIVE_INFINITY]);
  expect(
    valuesOf("x")
      .slice(0, n * n)
      .every(Number.isFinite),
  ).toBe(false);
  expect(
    valuesOf("q")
      .slice(0, n * n)
      .every(Number.isFinite),
  ).toBe(true);
}
