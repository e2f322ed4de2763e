import { describe, expect, it } from "vitest";
import { compile, evaluate } from "../compile.ts";
import { add, mul, tanh } from "../ops/elementwise.ts";
import { sum } from "../ops/reduction.ts";
import { programToJson } from "../program/json.ts";
import { print } from "../program/print.ts";
import type { HostTensor } from "../pytree.ts";
import { reference } from "../target/reference/reference.ts";
import { wasm } from "../target/wasm/wasm.ts";
import { inline } from "../trace/builder.ts";
import { closureConvert } from "../trace/closure-convert.ts";
import { array, type Tensor } from "../trace/tensor.ts";
import { trace } from "../trace/trace.ts";
import { grad, jvp } from "../transform/differentiate.ts";
import { checkpoint } from "./checkpoint.ts";
import { scan } from "./control-flow.ts";
import { customJvp } from "./custom-jvp.ts";
import { linearCall } from "./linear-call.ts";
import { programFromJson } from "./program-from-json.ts";
import { cos, sin } from "./trigonometric.ts";

const number = (value: unknown): number => (value as HostTensor).data[0] as number;
const sine = customJvp(
  (x: Tensor) => sin(x),
  ([x], _, [t]) => mul(t, cos(x)),
);
const message = (f: () => unknown): string => {
  try {
    f();
  } catch (error) {
    return (error as Error).message.split("\n")[0] as string;
  }
  return "none";
};

describe("checkpoint", () => {
  const turns = 4096;
  /** A recurrence over 16 numbers as one loop, or as 64 loops of 64 turns. */
  const loss =
    (inner: number, wrap: <F>(f: F) => F) =>
    (w: Tensor): Tensor => {
      const step = (carry: Tensor): readonly [Tensor, Record<string, never>] => [tanh(add(mul(w, carry), 0.1)), {}];
      const many = wrap((carry: Tensor): Tensor => scan(step, carry, {}, { bound: inner })[0]);
      const start = array(new Float64Array(16).fill(0.3)) as unknown as Tensor;
      return sum(scan((carry: Tensor) => [many(carry), {}] as const, start, {}, { bound: turns / inner })[0]);
    };
  const w = array(Float64Array.from({ length: 16 }, (_, i) => 0.5 + i / 40));

  it("keeps 2 sqrt(N) states instead of N, to the same gradient", () => {
    const all = compile(grad(loss(turns, (f) => f)) as never, [w], wasm());
    const few = compile(grad(loss(64, checkpoint as never)) as never, [w], wasm());
    const [a, b] = [all, few].map((run) => (run.callSync(w) as unknown as HostTensor).data) as [
      Float64Array,
      Float64Array,
    ];
    a.forEach((value, i) => {
      expect(Math.abs((b[i] as number) - value)).toBeLessThanOrEqual(1e-13 * Math.abs(value));
    });
    const stateBytes = 16 * 8;
    expect(all.bytes()).toBeGreaterThan(turns * stateBytes);
    expect(few.bytes()).toBeLessThan(2.2 * Math.sqrt(turns) * 2 * stateBytes);
  });
});

describe("programs with derivatives of their own", () => {
  it("print, and survive a file as far as data goes", () => {
    const { program } = trace((x: Tensor) => linearCall(scaled, scaled, sine(x), checkpoint(cos)(x)), [0.5]);
    const text = print(program);
    for (const primitive of ["custom", "linear", "checkpoint"]) expect(text).toContain(primitive);
    const read = programFromJson(JSON.parse(JSON.stringify(programToJson(program))));
    expect(print(read)).toContain("transposed:");
    const rerun = (x: Tensor): Tensor => inline(read, [x])[0] as Tensor;
    expect(number(evaluate(rerun, 0.5))).toBe(Math.sin(0.5) * Math.cos(0.5));
    expect(message(() => evaluate(grad(rerun), array(0.5) as never))).toBe(
      "Cannot differentiate a function with a derivative of its own: expected the rule, got a program that was read from a file",
    );
  });

  it("ask only for the tangents there are", () => {
    let seen: unknown;
    const product = customJvp(
      (a: Tensor, b: Tensor) => mul(a, b),
      ([a], _, [ta, tb]) => {
        seen = [ta === null, tb === null];
        return mul(a, tb);
      },
      { symbolicZeros: true },
    );
    const f = (b: Tensor): Tensor => jvp((x: Tensor) => product(b, x), [b], [array(1)])[1];
    expect(number(evaluate(f, array(3) as never))).toBe(3);
    expect(seen).toEqual([true, false]);
  });

  it("have their own rule, though the body's derivative would do", () => {
    const twice = customJvp(
      (x: Tensor) => sin(x),
      ([x], _, [t]) => mul(2, t, cos(x)),
      { bodyDerives: true },
    );
    expect(number(evaluate(grad(twice as (x: Tensor) => Tensor), array(0.3)))).toBe(2 * Math.cos(0.3));
  });

  it("have the derivative of the body when they come from a file, each argument its own", () => {
    const f = customJvp(
      (a: Tensor, b: Tensor) => mul(sin(a), sum(mul(b, b))),
      () => null,
      { bodyDerives: true },
    );
    const specs = [array(0.3), array([0.5, 2])];
    const read = programFromJson(programToJson(trace(f as never, specs).program));
    const again = (b: Tensor): Tensor => inline(read, [add(0, array(0.3)), b])[0] as Tensor;
    const found = evaluate(grad(again), array([0.5, 2])) as HostTensor;
    for (const [i, b] of [0.5, 2].entries()) expect(found.data[i]).toBeCloseTo(2 * b * Math.sin(0.3), 14);
  });

  it("compile", () => {
    const run = compile(grad((x: Tensor) => linearCall(scaled, scaled, sine(x), x)) as never, [0.7], wasm());
    const same = compile(grad((x: Tensor) => mul(sin(x), x)) as never, [0.7], reference());
    expect(number(run.callSync(0.7))).toBeCloseTo(number(same.callSync(0.7)), 14);
  });

  it("refuse to hide tensors", () => {
    const hidden = (f: (outer: Tensor) => Tensor): string => message(() => evaluate(f, array(1) as never));
    const refused = "expected functions of their arguments alone, got one that closes over 1";
    expect(
      hidden((outer) =>
        customJvp(
          (x: Tensor) => mul(x, outer),
          () => null,
        )(outer),
      ),
    ).toBe(`Cannot define a derivative: ${refused}`);
    expect(
      hidden((outer) => {
        const f = customJvp(
          (x: Tensor) => sin(x),
          ([x], _, [t]) => mul(t, x, outer),
        );
        return grad(f)(outer);
      }),
    ).toBe(`Cannot define a derivative: ${refused}`);
    expect(hidden((outer) => linearCall((_, x: Tensor) => mul(x, outer), scaled, outer, outer))).toBe(
      `Cannot define a linear map: ${refused}`,
    );
  });

  it("refuse rules of other types", () => {
    const wrong = customJvp(sin, () => array([1, 2]));
    expect(message(() => evaluate(grad(wrong as (x: Tensor) => Tensor), array(1) as never))).toBe(
      "Cannot use a derivative: expected tangents float64[], got float64[2]",
    );
    const wider = (x: Tensor): Tensor => linearCall(scaled, () => array([1, 2]) as never, x, x);
    expect(message(() => evaluate(grad(wider), array(1) as never))).toBe(
      "Cannot define a linear map: expected the transposed map to give float64[], got float64[2]",
    );
  });
});

describe("closureConvert", () => {
  it("names what a function closes over, each once", () => {
    const f = (a: Tensor, b: Tensor): Tensor => {
      const { captures, call } = closureConvert((x: Tensor) => add(mul(a, x), mul(a, b)), [a]);
      expect(captures.map(({ atom }) => atom)).toEqual([a.atom, b.atom]);
      return call([b, a], add(a, 1));
    };
    expect(number(evaluate(f, array(2) as never, array(5) as never))).toBe(5 * 3 + 5 * 2);
  });
});

function scaled(by: Tensor, x: Tensor): Tensor {
  return mul(by, x);
}
