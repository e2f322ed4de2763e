import { expect, test } from "vitest";
import { compile, evaluate } from "../compile.ts";
import type { TensorError } from "../errors.ts";
import { scan, whileLoop } from "../library/control-flow.ts";
import { less } from "../ops/comparison.ts";
import { matmul } from "../ops/contraction.ts";
import { add, convert, mul } from "../ops/elementwise.ts";
import { sum } from "../ops/reduction.ts";
import { print } from "../program/print.ts";
import { reference } from "../target/reference/reference.ts";
import { messageOf } from "../testing/message-of.ts";
import { grad } from "../transform/differentiate.ts";
import { vmap } from "../transform/vmap.ts";
import { array, full, type Tensor } from "./tensor.ts";
import { trace } from "./trace.ts";

const vector = { dtype: "float64", shape: [3] } as const;
/** Without the line of the source, which is tested apart. */
const words = (f: () => unknown): string => messageOf(f).replace(/\nAt .*$/, "");

test("a function becomes a program", () => {
  const { program } = trace(
    (x: { a: Tensor; b: Tensor[] }) => sum(mul(x.a, add(x.b[0] as Tensor, 2))),
    [{ a: vector, b: [vector] }],
  );
  expect(print(program)).toMatchInlineSnapshot(`
    "(a:float64[3] b:float64[3]) =>
      c:float64[3] = add b 2:float64[3]
      d:float64[3] = mul a c
      e:float64[] = reduceSum{axes=[0]} d
      return e"
  `);
});

test("a gradient inside a traced function sees outer tensors as inputs of its own program", () => {
  const f = (scale: Tensor, x: Tensor): Tensor => grad((y: Tensor) => sum(mul(scale, y, y)))(x);
  expect(evaluate(f, 3, array([1, 2])).data).toEqual(Float64Array.of(6, 12));
  // d/dx of (d/dy (x y²)) at y = x: perturbations of the two levels must not be confused.
  const nested = (x: Tensor): Tensor => grad((y: Tensor) => mul(x, y, y))(x);
  expect(evaluate(grad(nested), 5).data[0]).toBe(20);
});

test("results keep their tree", () => {
  const result = evaluate((x: Tensor) => ({ twice: mul(2, x), list: [x, { deep: add(x, 1) }] as const }), 4);
  expect(result.twice.data[0]).toBe(8);
  expect(result.list[1].deep.data[0]).toBe(5);
});

test("errors say what was expected, what was found and what to do", () => {
  expect(words(() => trace((x: Tensor) => add(x, array([1, 2])), [vector]))).toBe(
    "Cannot add: expected shapes that broadcast, got [3] and [2]\nAxes are aligned at the end and must be equal or 1; insert axes with reshape or expandDimensions.",
  );
  expect(words(() => trace((x: Tensor) => add(x, convert(x, "float32")), [vector]))).toBe(
    "Cannot add: expected operands of one element type, got float64[3] and float32[3]\nUse convert(x, dtype); there is no silent promotion.",
  );
  expect(messageOf(() => add(1, 2))).toBe(
    "Cannot apply add: expected a traced function around it, got a call at top level\nCall it inside a function given to compile, evaluate, grad or another transform.",
  );
  expect(messageOf(() => trace((x: Tensor) => matmul(x, full([2, 2], 1)), [vector]))).toContain(
    "Cannot matmul: expected shapes [..., n] and [n, m] or [n]",
  );
  expect(messageOf(() => trace(() => "text" as never, []))).toContain(
    "Cannot trace a function: expected it to return tensors, got string",
  );
  expect(
    messageOf(() =>
      evaluate(
        grad((x: Tensor) => x),
        array([1, 2]),
      ),
    ),
  ).toContain("Cannot take a gradient: expected a function to a float scalar, got float64[2]");
  expect(messageOf(() => evaluate(vmap(add) as never, array([1, 2]), array([1])))).toContain(
    "Cannot vmap: expected batch axes of one extent, got [2, 1]",
  );
});

test("errors inside a traced function name the line of the user's source", () => {
  const lineOf = (f: () => unknown): string => {
    try {
      f();
    } catch (error) {
      const { place, message: text } = error as TensorError;
      expect(text.endsWith(`\nAt ${place}`)).toBe(true);
      return /\/trace\.test\.ts:(\d+):\d+$/.exec(place ?? "")?.[1] ?? `${place}`;
    }
    return "no error";
  };
  const here = (): number =>
    Number(/trace\.test\.ts:(\d+):\d+\)?$/m.exec(new Error("here").stack?.split("\n")[2] ?? "")?.[1]);
  const [first, wrong] = [here(), (x: Tensor): Tensor => matmul(x, full([2, 2], 1))];
  const line = `${first}`;
  expect(lineOf(() => trace(wrong, [vector]))).toBe(line);
  expect(lineOf(() => evaluate(vmap(wrong), array([[1, 2, 3]])))).toBe(line);
  expect(
    lineOf(() =>
      evaluate(
        grad((x: Tensor) => sum(wrong(x))),
        array([1, 2, 3]),
      ),
    ),
  ).toBe(line);
  const loop = (x: Tensor): Tensor => scan((carry: Tensor) => [wrong(carry), {}] as const, x, {}, { bound: 2 })[0];
  expect(lineOf(() => compile(loop, [vector], reference()))).toBe(line);
});

test("a value that is not there yet is not read", () => {
  const odd = [
    (x: Tensor) => mul(x, (x as unknown as number) + 1),
    (x: Tensor) => mul(x, Math.sin(x as unknown as number)),
    (x: Tensor) => ((x as unknown as number) > 0 ? x : mul(x, 2)),
    (x: Tensor) => mul(x, [...(x as unknown as number[])].length),
    (x: Tensor) => mul(x, Number(`${x as unknown as string}`)),
  ];
  for (const f of odd) {
    expect(messageOf(() => trace(f, [vector]))).toMatch(
      /^Cannot read a value while tracing: expected a tensor without one, got one .*\n.*\nAt .*trace\.test\.ts/,
    );
  }
});

test("a number is not rounded to fit its neighbour", () => {
  const counts = { dtype: "int32", shape: [3] } as const;
  for (const number of [0.5, Number.NaN, 2 ** 31]) {
    expect(messageOf(() => trace((x: Tensor) => add(x, number), [counts]))).toContain(
      `Cannot use a number: expected one that int32 holds, got ${number}`,
    );
  }
  expect(evaluate((x: Tensor) => add(x, -2), array(Int32Array.of(5))).data).toEqual(Int32Array.of(3));
});

test("a tensor that outlives its trace is refused", () => {
  let kept: Tensor | undefined;
  trace(
    (x: Tensor) => {
      kept = x;
      return x;
    },
    [vector],
  );
  expect(messageOf(() => trace((x: Tensor) => add(x, kept as Tensor), [vector]))).toContain(
    "Cannot use a tensor: expected one of the function being traced, got one of a trace that has ended",
  );
});

test("a loop must keep the type of its carry", () => {
  const grow = (x: Tensor): Tensor =>
    whileLoop(
      (y: Tensor) => less(sum(y), 3),
      () => full([2], 1),
      x,
    );
  expect(messageOf(() => trace(grow, [vector]))).toContain(
    "Cannot loop: expected the body to keep the carry float64[3], got float64[2]",
  );
  expect(messageOf(() => trace((x: Tensor) => scan((c: Tensor) => [c, c] as const, x, {}), [vector]))).toContain(
    "got none and no bound",
  );
});

test("reverse mode refuses a while loop, and says what to do", () => {
  const f = (x: Tensor): Tensor =>
    whileLoop(
      (y: Tensor) => less(y, 3),
      (y: Tensor) => mul(y, 2),
      x,
    );
  expect(messageOf(() => evaluate(grad(f), 1))).toContain("record what it does and replay it with scan");
});

test("a compiled function keeps its state, and can be called without touching it", () => {
  const step = compile(
    (state: { x: Tensor }, by: Tensor) => [{ x: add(state.x, by) }, mul(state.x, 10)] as const,
    [{ x: 0 }, 0],
    reference(),
  );
  step.load({ x: 1 });
  expect((step.runSync(2) as { data: Float64Array }).data[0]).toBe(10);
  expect((step.runSync(3) as { data: Float64Array }).data[0]).toBe(30);
  expect(step.callSync({ x: 100 }, 1)[0].x.data[0]).toBe(101);
  expect(step.read()).toEqual({ x: { dtype: "float64", shape: [], data: Float64Array.of(6) } });
});

test("arguments of another type than compiled for are refused", () => {
  const f = compile((x: Tensor) => mul(x, 2), [vector], reference());
  expect(messageOf(() => f.callSync(array([1, 2])))).toBe(
    "Cannot run: expected float64[3] as leaf 0 of the arguments, got float64[2]\nPass values of the types that the function was compiled for; array(data, shape, dtype) makes them.",
  );
});
