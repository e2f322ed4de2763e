import { describe, expect, test } from "vitest";
import { compile, evaluate } from "../compile.ts";
import { isFloat } from "../dtype.ts";
import { checkpoint } from "../library/checkpoint.ts";
import { scan, whileLoop } from "../library/control-flow.ts";
import { customJvp } from "../library/custom-jvp.ts";
import { linearSolve, triangularSolve } from "../library/linear-algebra.ts";
import { log, log1p } from "../library/logarithm.ts";
import { pow } from "../library/power.ts";
import { cos, sin } from "../library/trigonometric.ts";
import { less } from "../ops/comparison.ts";
import { matmul } from "../ops/contraction.ts";
import { add, convert, div, exp, expm1, floor, mul, neg, sqrt, sub, tanh } from "../ops/elementwise.ts";
import { at, stack, zerosLike } from "../ops/movement.ts";
import { sum } from "../ops/reduction.ts";
import { check } from "../program/check.ts";
import type { HostTensor } from "../pytree.ts";
import { evaluateProgram } from "../target/reference/evaluate.ts";
import { wasm } from "../target/wasm/wasm.ts";
import { allCases, numbers, type PrimitiveCase } from "../testing/primitive-cases.ts";
import { array, asTensor, full, type Tensor } from "../trace/tensor.ts";
import { trace } from "../trace/trace.ts";
import { grad, jvp } from "./differentiate.ts";
import { jet, solutionSeries } from "./jet.ts";
import { vmap } from "./vmap.ts";

const order = 8;
const flat = (tensors: unknown): number[] => (tensors as HostTensor[]).map(({ data }) => data[0] as number);

/** The coefficients of f(x(t)) to order 8 for x(t) given by its coefficients. */
function coefficientsOf(f: (x: Tensor) => Tensor, curve: readonly number[]): number[] {
  const rows = Array.from({ length: order + 1 }, (_, k) => [array(curve[k] ?? 0)]);
  return flat(evaluate((() => jet(f as never, rows)) as never));
}

/** Exact: the coefficients of f(x0 + t) from a formula. */
const series = (formula: (k: number) => number): number[] => Array.from({ length: order + 1 }, (_, k) => formula(k));
const factorial = (k: number): number => (k <= 1 ? 1 : k * factorial(k - 1));
const binomial = (b: number, k: number): number => (k === 0 ? 1 : (binomial(b, k - 1) * (b - k + 1)) / k);
/** The product of series, to order 8. */
const times = (a: readonly number[], b: readonly number[]): number[] =>
  series((k) => a.slice(0, k + 1).reduce((total, x, j) => total + x * (b[k - j] as number), 0));

const near = (found: readonly number[], wanted: readonly number[]): void => {
  const scale = Math.max(...wanted.map(Math.abs));
  found.forEach((value, k) => {
    expect(Math.abs(value - (wanted[k] as number))).toBeLessThanOrEqual(1e-14 * scale);
  });
};

const x0 = 0.7;
const exact: Record<string, [(x: Tensor) => Tensor, number[]]> = {
  exp: [exp, series((k) => Math.exp(x0) / factorial(k))],
  expm1: [expm1, series((k) => (k === 0 ? Math.expm1(x0) : Math.exp(x0) / factorial(k)))],
  log: [log, series((k) => (k === 0 ? Math.log(x0) : -((-1 / x0) ** k) / k))],
  log1p: [log1p, series((k) => (k === 0 ? Math.log1p(x0) : -((-1 / (1 + x0)) ** k) / k))],
  sin: [sin, series((k) => Math.sin(x0 + (k * Math.PI) / 2) / factorial(k))],
  cos: [cos, series((k) => Math.cos(x0 + (k * Math.PI) / 2) / factorial(k))],
  sqrt: [sqrt, series((k) => binomial(0.5, k) * x0 ** (0.5 - k))],
  "1 / x": [(x) => div(1, x), series((k) => (-1) ** k * x0 ** (-1 - k))],
  "x^-2.5": [(x) => pow(x, -2.5), series((k) => binomial(-2.5, k) * x0 ** (-2.5 - k))],
  "x^-2": [(x) => pow(x, -2), series((k) => binomial(-2, k) * x0 ** (-2 - k))],
  "x^1.5": [(x) => pow(x, 1.5), series((k) => binomial(1.5, k) * x0 ** (1.5 - k))],
  "x^0": [(x) => pow(x, 0), series((k) => (k === 0 ? 1 : 0))],
  "x^5": [(x) => pow(x, 5), series((k) => binomial(5, k) * x0 ** (5 - k))],
  "x^7 at 0": [(x) => pow(sub(x, x0), 7), series((k) => (k === 7 ? 1 : 0))],
  "2^x": [(x) => pow(2, x), series((k) => (2 ** x0 * Math.LN2 ** k) / factorial(k))],
  "exp sin": [
    (x) => mul(exp(x), sin(x)),
    times(
      series((k) => Math.exp(x0) / factorial(k)),
      series((k) => Math.sin(x0 + (k * Math.PI) / 2) / factorial(k)),
    ),
  ],
};

describe("jet", () => {
  test.each(Object.entries(exact))("of %s has the exact series to order 8", (_, [f, wanted]) => {
    near(coefficientsOf(f, [x0, 1]), wanted);
  });

  test("of a large power begins with the power itself, not with products", () => {
    const whole = evaluate((() => pow(array(1.1), 100)) as never) as unknown as HostTensor;
    expect(coefficientsOf((x) => pow(x, 100), [1.1, 1])[0]).toBe(whole.data[0]);
  });

  test("of a product of a matrix with itself is not that of squares", () => {
    const x = numbers([2, 2], -1, 1);
    const square = (y: Tensor): Tensor => matmul(y, y);
    const [, ours] = evaluate((() => jet(square as never, [[x], [x], [x]])) as never) as unknown as HostTensor[];
    const [, slope] = evaluate((() =>
      jvp(square as never, [asTensor(x, "float64")], [x])) as never) as unknown as HostTensor[];
    expect(ours).toEqual(slope);
  });

  test("of integers on the way is that of constants", () => {
    const steps = (x: Tensor): Tensor => mul(convert(convert(mul(x, 10), "int32"), "float64"), x);
    expect(coefficientsOf(steps, [x0, 1])).toEqual(series((k) => (k === 0 ? 7 * x0 : k === 1 ? 7 : 0)));
    const counted = (x: Tensor): Tensor => {
      const turn = ([y, n]: readonly [Tensor, Tensor]) => [[mul(y, x), add(n, 1)] as const, []] as const;
      const [[y, n]] = scan(turn, [x, full([], 0, "int32")] as readonly [Tensor, Tensor], [], { bound: 3 });
      return mul(y, convert(n, "float64"));
    };
    near(
      coefficientsOf(counted, [x0, 1]),
      series((k) => 3 * binomial(4, k) * x0 ** (4 - k)),
    );
  });

  test("of loops keeps apart what moves and what does not", () => {
    type Pair = readonly [Tensor, Tensor];
    const scanned = (x: Tensor): Tensor => {
      const turn = ([c, y]: Pair) => [[mul(c, 2), mul(y, x)] as Pair, [add(y, c), c] as Pair] as const;
      const [[c, y], [ys, cs]] = scan(turn, [full([], 1), x] as Pair, [], { bound: 3 });
      return add(mul(c, y), sum(mul(ys, cs)));
    };
    // 8 x⁴ + (x + 1) + 2 (x² + 2) + 4 (x³ + 4).
    const powers = (...factors: readonly number[]): number[] =>
      series((k) => factors.reduce((total, c, b) => total + c * binomial(b, k) * x0 ** Math.max(0, b - k), 0));
    near(coefficientsOf(scanned, [x0, 1]), powers(21, 1, 2, 4, 8));
    const looped = (x: Tensor): Tensor => {
      const limit = floor(add(x, 2.5));
      return whileLoop(
        ([, n]: Pair) => less(convert(n, "float64"), limit),
        ([y, n]: Pair) => [mul(y, x), add(n, 1)] as Pair,
        [full([], 1), full([], 0, "int32")] as Pair,
      )[0];
    };
    near(coefficientsOf(looped, [x0, 1]), powers(0, 0, 0, 1));
  });

  test("of a solution whose matrix stays is the solution of each coefficient", () => {
    const a = array([
      [4, 1],
      [2, 3],
    ]);
    const right = (x: Tensor): Tensor => stack([sin(x), mul(x, x)]);
    const weighed = (solution: (b: Tensor) => Tensor): number[] =>
      coefficientsOf((x) => matmul(array([1, 7]), solution(right(x))), [x0, 1]);
    // By Cramer's rule, then by substitution in the lower triangle.
    near(
      weighed((b) => linearSolve(a, b)),
      coefficientsOf((x) => div(add(mul(3 - 14, sin(x)), mul(28 - 1, x, x)), 10), [x0, 1]),
    );
    near(
      weighed((b) => triangularSolve(a, b, { lower: true })),
      coefficientsOf((x) => add(div(sin(x), 4), mul(7 / 3, sub(mul(x, x), div(sin(x), 2)))), [x0, 1]),
    );
  });

  test("of several results of a checkpoint is that of each", () => {
    const cubic = (x: Tensor): Tensor => {
      const [a, b, c] = checkpoint((y: Tensor) => [mul(y, y), mul(2, y), mul(y, y, y)] as const)(x);
      return add(a, mul(10, b), mul(100, c));
    };
    const plain = (x: Tensor): Tensor => add(mul(x, x), mul(20, x), mul(100, x, x, x));
    near(coefficientsOf(cubic, [x0, 1]), coefficientsOf(plain, [x0, 1]));
  });

  test("of a function with its own derivative knows its value from its curve", () => {
    // y = x at the start, y' = x x'; then y = 3, y' = 3 x'.
    const own = customJvp(
      (x: Tensor) => x,
      ([x], _, [t]) => mul(x, t),
    );
    near(
      coefficientsOf(own, [x0, 1]),
      series((k) => (k === 0 || k === 1 ? x0 : k === 2 ? 0.5 : 0)),
    );
    const three = customJvp(
      (x: Tensor) => full(x.shape, 3),
      (_, __, [t]) => mul(3, t),
    );
    near(
      coefficientsOf(three, [x0, 1]),
      series((k) => (k <= 1 ? 3 : 0)),
    );
  });

  test("along curves keeps identities of functions", () => {
    const curve = [0.4, 0.9, -0.7, 0.3, 0.2, -0.5, 0.1, 0.6, -0.3];
    const same = (f: (x: Tensor) => Tensor, g: (x: Tensor) => Tensor): void => {
      const [a, b] = [coefficientsOf(f, curve), coefficientsOf(g, curve)];
      const scale = Math.max(...a.map(Math.abs));
      a.forEach((value, k) => {
        expect(Math.abs(value - (b[k] as number))).toBeLessThanOrEqual(2e-14 * scale);
      });
    };
    same(
      (x) => log(exp(x)),
      (x) => x,
    );
    same(tanh, (x) => div(sub(exp(x), exp(neg(x))), add(exp(x), exp(neg(x)))));
    same(
      (x) => pow(x, add(x, 1)),
      (x) => exp(mul(add(x, 1), log(x))),
    );
    same(
      (x) => mul(sqrt(x), sqrt(x)),
      (x) => x,
    );
    same(
      (x) => add(mul(sin(x), sin(x)), mul(cos(x), cos(x))),
      (x) => add(mul(x, 0), 1),
    );
  });
});

/** The float results of a case as one list, from its float inputs. */
const floatsOf =
  ({ apply, inputs }: PrimitiveCase) =>
  (...tensors: Tensor[]): Tensor[] => {
    let next = 0;
    const all = inputs.map((input) =>
      isFloat(input.dtype) ? (tensors[next++] as Tensor) : asTensor(input, input.dtype),
    );
    return apply(...all).filter(({ dtype }) => isFloat(dtype));
  };

const rowsOf = (item: PrimitiveCase, top: number): HostTensor[][] => {
  const floats = item.inputs.filter(({ dtype }) => isFloat(dtype));
  return [
    floats,
    ...Array.from({ length: top }, (_, k) =>
      floats.map(({ shape }, i) => numbers(shape, -0.8, 0.8, 7 * k + 3 * i + 1)),
    ),
  ];
};

describe.each(
  allCases.filter(({ inputs }) => inputs.some(({ dtype }) => isFloat(dtype))).map((c) => [c.name, c] as const),
)("the jet of %s", (_, item) => {
  test("is what nested jvp gives, to third order along a curve", () => {
    const top = 3;
    const rows = rowsOf(item, top);
    const f = floatsOf(item);
    const jets = trace((() => jet(f as never, rows)) as never, []);
    check(jets.program);
    const found = evaluateProgram(jets.program, []);
    const along = (s: Tensor): Tensor[] =>
      f(
        ...(rows[0] as HostTensor[]).map((x, i) =>
          rows
            .slice(1)
            .reduce<Tensor>(
              (sum, row, k) => add(sum, mul(row[i] as HostTensor, pow(s, k + 1))),
              asTensor(x, "float64"),
            ),
        ),
      );
    let nested: (s: Tensor) => Tensor[] = along;
    const width = found.length / (top + 1);
    for (let k = 0; k <= top; k++) {
      const derivative = nested;
      const wanted = evaluate(derivative as never, array(0)) as unknown as HostTensor[];
      wanted.forEach(({ data }, i) => {
        const scale = Math.max(1e-3, ...data.map(Math.abs));
        data.forEach((value, e) => {
          const ours = (found[k * width + i]?.data[e] as number) * factorial(k);
          expect(Math.abs(ours - value), `order ${k}, result ${i}, element ${e}`).toBeLessThanOrEqual(1e-11 * scale);
        });
      });
      nested = (s) => jvp(derivative as never, [s], [full([], 1)])[1] as unknown as Tensor[];
    }
  });
});

const weights = [numbers([16, 3], -1, 1), numbers([16, 16], -0.5, 0.5, 4), numbers([3, 16], -0.4, 0.4, 9)] as const;
const network = (x: Tensor): Tensor => matmul(weights[2], tanh(matmul(weights[1], tanh(matmul(weights[0], x)))));
/** Before anything is simplified: what has to be traced and read. */
const equationsOf = (f: (x: Tensor) => unknown): number =>
  trace(f as never, [numbers([3], -1, 1)]).program.equations.length;
const nested =
  (top: number) =>
  (x: Tensor): Tensor => {
    let f = (s: Tensor): Tensor => network(add(x, mul(s, add(x, 1))));
    for (let k = 0; k < top; k++) {
      const before = f;
      f = (s) => jvp(before as never, [s], [full([], 1)])[1] as Tensor;
    }
    return f(full([], 0));
  };
const straight =
  (top: number) =>
  (x: Tensor): Tensor[] =>
    jet<Tensor>(network as never, [[x], [add(x, 1)], ...Array.from({ length: top - 1 }, () => [zerosLike(x)])]);

test("the equations grow with the square of the order, those of nested jvp as a power", () => {
  const growth = (counts: readonly number[]): number[] => counts.slice(1).map((n, i) => n / (counts[i] as number));
  const ours = [4, 8, 16].map((top) => equationsOf(straight(top)));
  const theirs = [4, 5, 6, 7].map((top) => equationsOf(nested(top)));
  expect(Math.max(...growth(ours))).toBeLessThan(4);
  expect(Math.min(...growth(theirs))).toBeGreaterThan(2.5);
  expect(ours[1]).toBeLessThan(250);
});

describe("solutionSeries", () => {
  const solution = (f: (x: Tensor) => Tensor, start: number): number[] =>
    flat(evaluate((() => solutionSeries(f, array(start) as unknown as Tensor, order)) as never));

  test.each([
    ["x' = x²", (x: Tensor) => mul(x, x), 1, series(() => 1)],
    ["x' = 1 + x²", (x: Tensor) => add(1, mul(x, x)), 0, [0, 1, 0, 1 / 3, 0, 2 / 15, 0, 17 / 315, 0]],
    ["x' = -x / 2", (x: Tensor) => mul(x, -0.5), 2, series((k) => (2 * (-0.5) ** k) / factorial(k))],
  ] as const)("of %s is exact to order 8", (_, f, start, wanted) => {
    solution(f, start).forEach((value, k) => {
      expect(Math.abs(value - (wanted[k] as number))).toBeLessThanOrEqual(1e-15);
    });
  });

  test("takes a pendulum through a quarter of its period, known by the arithmetic-geometric mean, in five steps", () => {
    const start = 1.2;
    let [a, b] = [1, Math.cos(start / 2)];
    for (let turn = 0; turn < 6; turn++) [a, b] = [(a + b) / 2, Math.sqrt(a * b)];
    const h = Math.PI / (2 * a * Math.sqrt(9.81)) / 5;
    const field = (y: Tensor): Tensor => stack([at(y, 1), mul(-9.81, sin(at(y, 0)))]);
    const step = (y: Tensor): Tensor =>
      solutionSeries(field, y, 30).reduceRight<Tensor>(
        (total, part) => add(mul(total, h), part as Tensor),
        full([2], 0),
      );
    const quarter = (y: Tensor): Tensor => [1, 2, 3, 4, 5].reduce((z) => step(z), y);
    const [angle, speed] = (evaluate(quarter as never, array([start, 0])) as unknown as HostTensor).data;
    expect(Math.abs(angle as number)).toBeLessThanOrEqual(1e-14);
    expect(Math.abs((speed as number) + 2 * Math.sqrt(9.81) * Math.sin(start / 2))).toBeLessThanOrEqual(1e-14);
  });

  test("goes through loops and derivatives of a user's own, in one sweep", () => {
    const sine = customJvp(
      (x: Tensor) => sin(x),
      ([x], _, [t]) => mul(t, cos(x)),
    );
    const turns = (f: (x: Tensor) => Tensor, x: Tensor): Tensor =>
      scan((y: Tensor) => [mul(f(y), 1.5), {}] as const, x, {}, { bound: 3 })[0];
    const plain = (x: Tensor): Tensor => mul(1.5, sin(mul(1.5, sin(mul(1.5, sin(x))))));
    const wanted = solution(plain, 0.3);
    solution((x) => turns(sine, x), 0.3).forEach((value, k) => {
      expect(value).toBeCloseTo(wanted[k] as number, 13);
    });
  });
});

test("jets can be differentiated, batched and compiled", () => {
  /** The third time derivative of the second angle of a coupled motion, as a function of the state. */
  const jerk = (x: Tensor): Tensor => {
    const field = (y: Tensor): Tensor => stack([at(y, 1), neg(sin(mul(at(y, 0), at(y, 1))))]);
    return mul(6, at(solutionSeries(field, x, 3)[3] as Tensor, 1));
  };
  const points = numbers([4, 2], -1, 1);
  const slopes = compile(vmap(grad(jerk)) as never, [points], wasm()).callSync(points) as unknown as HostTensor;
  const h = 0.01;
  for (let member = 0; member < 4; member++) {
    for (const side of [0, 1]) {
      const value = (shift: number): number => {
        const moved = array(points.data.slice(2 * member, 2 * member + 2));
        moved.data[side] = (moved.data[side] as number) + shift;
        return (evaluate(jerk as never, moved) as unknown as HostTensor).data[0] as number;
      };
      const wanted = [4 / 5, -1 / 5, 4 / 105, -1 / 280].reduce(
        (total, w, k) => total + (w * (value((k + 1) * h) - value(-(k + 1) * h))) / h,
        0,
      );
      expect(Math.abs((slopes.data[2 * member + side] as number) - wanted)).toBeLessThanOrEqual(1e-11);
    }
  }
});

test("what is not a series is refused", () => {
  const message = (f: () => unknown): string => {
    try {
      evaluate(f as never);
    } catch (error) {
      return (error as Error).message.split("\n")[0] as string;
    }
    return "none";
  };
  expect(message(() => jet((x: Tensor) => x, []))).toBe(
    "Cannot take a jet: expected at least the arguments at t = 0, got none",
  );
  expect(message(() => jet((x: Tensor) => x, [[array([1, 2])], [array(1)]]))).toBe(
    "Cannot take a Taylor series: expected float64[2], got float64[]",
  );
  expect(message(() => solutionSeries((x: Tensor) => sum(x), array([1, 2]) as never, 2))).toBe(
    "Cannot take a Taylor series: expected float64[2], got float64[]",
  );
});
