import { describe, expect, it } from "vitest";
import { compile, evaluate } from "../compile.ts";
import { add, convert, maximum, minimum, mul, square } from "../ops/elementwise.ts";
import { sum } from "../ops/reduction.ts";
import { programToJson } from "../program/json.ts";
import type { HostTensor } from "../pytree.ts";
import { evaluateProgram } from "../target/reference/evaluate.ts";
import { reference } from "../target/reference/reference.ts";
import { wasm } from "../target/wasm/wasm.ts";
import { messageOf } from "../testing/message-of.ts";
import { array, full, type Tensor } from "../trace/tensor.ts";
import { trace } from "../trace/trace.ts";
import { grad, jvp, vjp } from "../transform/differentiate.ts";
import { hessian } from "../transform/jacobian.ts";
import { vmap } from "../transform/vmap.ts";
import { scan } from "./control-flow.ts";
import { customVjp } from "./custom-vjp.ts";
import { programFromJson } from "./program-from-json.ts";
import { cos, sin } from "./trigonometric.ts";

const numbersOf = (result: unknown): number[] => Array.from((result as HostTensor).data);
const refusal =
  "Cannot differentiate forward: expected functions with a rule for tangents, got one with a backward pass alone (customVjp)\nUse grad or vjp, without jvp or hessian around it, or give the function its derivative by customJvp.";

const clipped = customVjp(
  (x: Tensor) => mul(1, x),
  () => [],
  (_, ct: Tensor) => [maximum(-1, minimum(ct, 1))],
);
/** The sine, with its true cotangent. */
const sine = customVjp(
  (x: Tensor) => sin(x),
  (x) => cos(x),
  (slope: Tensor, ct) => [mul(ct, slope)],
);

describe.each([reference(), wasm()].map((target) => [target.name, target] as const))("customVjp on %s", (_, target) => {
  const run = (f: unknown, ...inputs: HostTensor[]): number[] =>
    numbersOf(compile(f as never, inputs, target).callSync(...inputs));

  it("has the gradient that is given, alone, in loops and for members", () => {
    const f = (x: Tensor): Tensor => square(clipped(x));
    expect(run(f, array(5))).toEqual([25]);
    expect(run(grad(f), array(5))).toEqual([1]);
    expect(run(vmap(grad(f)), array([5, 0.25, -5]))).toEqual([1, 0.5, -1]);
    const loop = (x: Tensor): Tensor => scan((c: Tensor) => [mul(2, clipped(c)), {}] as const, x, {}, { bound: 3 })[0];
    expect(run(grad(loop), array(5))).toEqual([1]);
  });

  it("takes several arguments, of other types too, and gives trees", () => {
    const f = customVjp(
      (x: { readonly a: Tensor }, n: Tensor) => ({ y: mul(x.a, convert(n, "float64")), n }),
      (_x, n) => n,
      (n: Tensor, ct) => [{ a: mul(10, mul(ct.y, convert(n, "float64"))) }, null],
    );
    const loss = (x: { readonly a: Tensor }, n: Tensor): Tensor => sum(f(x, n).y);
    expect(run((a: Tensor, n: Tensor) => grad(loss)({ a }, n).a, array([1, 2]), array([3], [], "int32"))).toEqual([
      30, 30,
    ]);
  });

  it("differentiates its functions as they are written, in reverse over reverse", () => {
    const second = grad((x: Tensor) => grad((y: Tensor) => square(sine(y)))(x));
    const third = grad((x: Tensor) => second(x));
    expect(run(second, array(0.3))[0]).toBeCloseTo(2 * Math.cos(0.6), 13);
    expect(run(third, array(0.3))[0]).toBeCloseTo(-4 * Math.sin(0.6), 13);
  });
});

describe("forward mode of customVjp", () => {
  const one = full([], 1);
  const f = (x: Tensor): Tensor => square(clipped(x));
  it.each([
    ["jvp", (x: Tensor) => jvp(f, [x], [one])[1]],
    ["hessian", hessian(f)],
    ["jvp of a gradient", (x: Tensor) => jvp(grad(f), [x], [one])[1]],
    ["gradient of a jvp", grad((x: Tensor) => jvp(f, [x], [one])[1] as Tensor)],
    [
      "jvp of a loop",
      (x: Tensor) =>
        jvp((y: Tensor) => scan((c: Tensor) => [f(c), {}] as const, y, {}, { bound: 3 })[0], [x], [one])[1],
    ],
    ["jvp of a batch", (x: Tensor) => jvp((y: Tensor) => sum(vmap(f)(add(y, array([1, 2])))), [x], [one])[1]],
  ])("refuses: %s", (_, g) => {
    expect(messageOf(() => evaluate(g as never, array(2)))).toContain(refusal);
  });

  it("is no hindrance where the tangent of the result is not asked for", () => {
    const g = (x: Tensor): Tensor => jvp(grad(sine), [x], [one])[1] as Tensor;
    expect(numbersOf(evaluate(g, array(0.3)))[0]).toBeCloseTo(-Math.sin(0.3), 13);
  });

  it("is refused by programs that were written and read", () => {
    const { program } = trace((x: Tensor) => vjp(sine, x).pullback(one)[0] as Tensor, [array(2)]);
    const again = programFromJson(JSON.parse(JSON.stringify(programToJson(program))));
    expect(numbersOf(evaluateProgram(again, [array(2)])[0])[0]).toBeCloseTo(Math.cos(2), 14);
  });
});
