/**
 * Golden programs: what the rules make of small inputs. That results stay equal is tested in `lower.test.ts` and by the
 * contract of the targets.
 */
import { describe, expect, test } from "vitest";
import { scan, whileLoop } from "../library/control-flow.ts";
import { broadcastTo } from "../ops/broadcasting.ts";
import { equal, less, select } from "../ops/comparison.ts";
import { matmul } from "../ops/contraction.ts";
import { add, mul, neg, sub, tanh } from "../ops/elementwise.ts";
import { concatenate, reshape, slice, transpose } from "../ops/movement.ts";
import { sum } from "../ops/reduction.ts";
import { print } from "../program/print.ts";
import { full, type Tensor } from "../trace/tensor.ts";
import { trace } from "../trace/trace.ts";
import { grad } from "../transform/differentiate.ts";
import { simplify } from "./simplify.ts";

const f32 = (...shape: number[]) => ({ dtype: "float32" as const, shape });
const lines = (f: (...inputs: never[]) => unknown, ...specs: unknown[]): string[] =>
  print(simplify(trace(f, specs).program))
    .split("\n")
    .map((line) => line.trim());

describe("simplify", () => {
  test("shares equal equations and folds ones, zeros and double negation", () => {
    const f = (x: Tensor, y: Tensor) =>
      add(mul(tanh(add(x, y)), 1), sub(tanh(add(y, x)), neg(neg(mul(x, 1)))), full([3], 0, "float32"));
    expect(lines(f, f32(3), f32(3))).toEqual([
      "(a:float32[3] b:float32[3]) =>",
      "c:float32[3] = add a b",
      "d:float32[3] = tanh c",
      "e:float32[3] = sub d a",
      "f:float32[3] = add d e",
      "return f",
    ]);
  });

  test("keeps 0 * x, which may be NaN", () => {
    expect(lines((x: Tensor) => mul(x, 0), f32(2))).toContain("b:float32[2] = mul a 0:float32[2]");
  });

  test("composes views and drops those that do nothing", () => {
    const f = (x: Tensor) => transpose(reshape(reshape(transpose(transpose(x)), [12]), [4, 3]));
    expect(lines(f, f32(4, 3))).toEqual([
      "(a:float32[4, 3]) =>",
      "b:float32[3, 4] = transpose{permutation=[1,0]} a",
      "return b",
    ]);
    expect(lines((x: Tensor, y: Tensor) => slice(concatenate([x, y]), 0, 2, 5), f32(2), f32(3))).toEqual([
      "(a:float32[2] b:float32[3]) =>",
      "return b",
    ]);
  });

  test("a sum over what repeats is a product", () => {
    expect(lines((x: Tensor) => sum(broadcastTo(x, [7, 4]), 0), f32(4))).toContain("b:float32[4] = mul a 7:float32[4]");
  });

  test("a transposed product exchanges its factors", () => {
    const text = lines((a: Tensor, b: Tensor) => transpose(matmul(a, b)), f32(8, 9), f32(9, 7)).join("\n");
    expect(text).toContain("dot{contract=[[0],[1]] batch=[[],[]]} b a");
    expect(text).not.toContain("transpose");
  });

  test("a tiny contraction is no dot", () => {
    const inner = lines((a: Tensor, b: Tensor) => matmul(a, b), f32(9, 2), f32(2, 7)).join("\n");
    const outer = lines((a: Tensor, b: Tensor) => matmul(a, b), f32(9, 20), f32(20, 1)).join("\n");
    expect(inner).not.toContain("dot");
    expect(inner).not.toContain("reduceSum");
    expect(outer).not.toContain("dot");
    expect(outer).toContain("reduceSum");
  });

  test("removes loops' unread carries, and what is only carried along", () => {
    const f = (x: Tensor, y: Tensor) => {
      const body = ([a, b, c]: readonly [Tensor, Tensor, Tensor]) => [[add(a, c), tanh(b), c], {}] as const;
      return scan(body, [x, y, y] as const, {}, { bound: 3 })[0][0];
    };
    expect(lines(f, f32(4), f32(4))).toEqual(
      [
        "(a:float32[4] b:float32[4]) =>",
        "e:float32[4] = scan{constants=1 carry=1 bound=3 reverse=false} 3 b a",
        "body:",
        "(c:float32[4] d:float32[4]) =>",
        "f:float32[4] = add d c".replace("f:", "e:"),
        "return e",
        "return f",
      ].map((line, i) => (i === 1 ? line.replace("e:", "f:") : line)),
    );
  });

  test("the tape of a gradient holds the transcendental, not what is cheap to make from it", () => {
    const loss = (w: Tensor): Tensor => {
      const body = (q: Tensor) => [sub(q, mul(0.1, sum(tanh(mul(w, q))))), {}] as const;
      return scan(body, full([], 1, "float32"), {}, { bound: 5 })[0];
    };
    const program = simplify(trace(grad(loss), [f32(16)]).program);
    const [forward] = program.equations.filter(({ primitive }) => primitive === "scan");
    const stacked = forward?.outputs.filter(({ type }) => type.shape.length === 2);
    expect(stacked?.length).toBe(1);
  });
});

describe("a while whose test reads a status", () => {
  const codes = (y: Tensor): Tensor =>
    select(less(y, 9), full([], 2, "int32"), select(less(y, 100), full([], -1, "int32"), full([], 7, "int32")));
  const loop = (start: Tensor) =>
    whileLoop(
      ({ status }) => equal(status, -1),
      ({ y }) => ({ y: mul(y, 3), status: codes(y) }),
      { y: start, status: codes(start) },
    );

  test("carries the answer instead, found from the conditions", () => {
    const found = lines((start: Tensor) => loop(start).y, f32());
    expect(found.some((line) => line.includes("equal"))).toBe(false);
    expect(found.filter((line) => line.includes("select"))).toEqual([]);
  });

  test("keeps the status where it is a result", () => {
    expect(lines(loop, f32()).filter((line) => line.includes("int32[] = select"))).toHaveLength(4);
  });
});
