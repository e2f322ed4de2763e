import { describe, expect, it, test } from "vitest";
import { compile } from "../compile.ts";
import { less, lessEqual } from "../ops/comparison.ts";
import { add, div, exp, mul, sqrt, sub } from "../ops/elementwise.ts";
import { sum } from "../ops/reduction.ts";
import { boundLoops } from "../program/bound-loops.ts";
import { check } from "../program/check.ts";
import { programToJson } from "../program/json.ts";
import { print } from "../program/print.ts";
import { programKey } from "../program/program-key.ts";
import { programCost } from "../program/program-limits.ts";
import type { HostTensor } from "../pytree.ts";
import { reference } from "../target/reference/reference.ts";
import { wasm } from "../target/wasm/wasm.ts";
import { messageOf } from "../testing/message-of.ts";
import { array, asTensor, full, type Tensor } from "../trace/tensor.ts";
import { trace } from "../trace/trace.ts";
import { grad, jvp } from "../transform/differentiate.ts";
import { vmap } from "../transform/vmap.ts";
import { mapSlices, scan, whileLoop } from "./control-flow.ts";
import { log } from "./logarithm.ts";
import { programFromJson } from "./program-from-json.ts";
import { cond, switchCase } from "./switch-case.ts";
import { sin } from "./trigonometric.ts";

const targets = [reference(), wasm()];
const numbersOf = (result: unknown): number[] => Array.from((result as HostTensor).data);

/** Takes as long as there are numbers where x is not positive, and is 10 or a little more where it is. */
const countUp = (x: Tensor): Tensor =>
  whileLoop(
    (y: Tensor) => less(y, 10),
    (y: Tensor) => add(y, x),
    mul(x, 0),
  );
/** Infinite derivative at 0, NaN below. */
const root = (x: Tensor): Tensor =>
  cond(
    less(0, x),
    (a: Tensor) => sqrt(a),
    (a: Tensor) => mul(a, 0),
    x,
  );

describe.each(targets.map((target) => [target.name, target] as const))("on %s", (_, target) => {
  const run = (f: unknown, ...inputs: HostTensor[]): number[] =>
    numbersOf(compile(f as never, inputs, target).callSync(...inputs));

  it("takes the nearest branch of any index", () => {
    const f = (i: Tensor, x: Tensor): Tensor =>
      switchCase(i, [(a: Tensor) => add(a, 1), (a: Tensor) => mul(a, 2), () => full([], -1)], x);
    for (const [index, wanted] of [
      [-9, 6],
      [0, 6],
      [1, 10],
      [2, -1],
      [7, -1],
    ]) {
      expect(run(f, array([index as number], [], "int32"), array(5))).toEqual([wanted]);
    }
  });

  it("does not run the branch that is not taken, alone, for members, in loops, nor under derivatives", () => {
    const f = (x: Tensor): Tensor => cond(less(0, x), countUp, (a: Tensor) => mul(a, a), x);
    expect(run(f, array(-3))).toEqual([9]);
    expect(run(f, array(3))).toEqual([12]);
    const several = array([-3, 3, 0, 4]);
    expect(run(vmap(f), several)).toEqual([9, 12, 0, 12]);
    expect(run(vmap(f), array([-3, -1]))).toEqual([9, 1]);
    expect(run((xs: Tensor) => mapSlices(f, xs), several)).toEqual([9, 12, 0, 12]);
    const slope = (x: Tensor): Tensor => jvp(f, [x], [full([], 1)])[1];
    expect(run(vmap(slope), several)).toEqual([-6, 4, 0, 3]);
    // A loop over constants alone has nothing that would keep it inside.
    const endless = (x: Tensor): Tensor =>
      cond(
        less(0, x),
        () =>
          whileLoop(
            (y: Tensor) => lessEqual(0, y),
            (y: Tensor) => mul(y, 2),
            full([], 0),
          ),
        (a: Tensor) => a,
        x,
      );
    expect(run(endless, array(-2))).toEqual([-2]);
  });

  it("keeps infinite derivatives and NaN of the branch that is not taken away, for members and what they share", () => {
    const shared = (w: Tensor, xs: Tensor): Tensor => sum(vmap((x: Tensor) => root(mul(w, x)))(xs));
    expect(run(grad(root), array(0))).toEqual([0]);
    expect(run(grad(root), array(-1))).toEqual([0]);
    expect(run(vmap(grad(root)), array([0, 4, -1]))).toEqual([0, 0.25, 0]);
    expect(run(vmap(grad(root)), array([0, -1]))).toEqual([0, 0]);
    expect(run(grad(shared), array(1), array([0, 4, -1]))).toEqual([1]);
    expect(run(grad(shared), array(1), array([0, -1]))).toEqual([0]);
    expect(run(vmap(grad((x: Tensor) => grad(root)(x))), array([0, 4, -1]))).toEqual([0, -1 / 32, 0]);
    // A member with NaN of its own.
    expect(run(vmap(grad(root)), array([Number.NaN, 4]))).toEqual([0, 0.25]);
    const both = (x: Tensor): Tensor =>
      cond(
        less(0, x),
        (a: Tensor) => log(a),
        (a: Tensor) => div(1, a),
        x,
      );
    expect(run(vmap(grad(both)), array([4, -2, 0]))).toEqual([0.25, -0.25, Number.NEGATIVE_INFINITY]);
  });

  it("nests", () => {
    const f = (x: Tensor, y: Tensor): Tensor =>
      cond(
        less(0, x),
        (a: Tensor) =>
          cond(
            less(0, y),
            (b: Tensor) => mul(b, y),
            (b: Tensor) => exp(b),
            a,
          ),
        (a: Tensor) => scan((c: Tensor) => [root(sub(c, y)), {}] as const, a, {}, { bound: 2 })[0],
        x,
      );
    const grid = [array([2, -2, 3, -1]), array([3, -5, -4, 6])] as const;
    const alone = [0, 1, 2, 3].map((k) => run(f, array(grid[0].data[k] as number), array(grid[1].data[k] as number)));
    expect(run(vmap(f), ...grid)).toEqual(alone.flat());
    expect(alone.flat()).toEqual([6, Math.sqrt(Math.sqrt(3) + 5), expect.closeTo(Math.exp(3), 13), -0]);
    const twice = run(
      vmap((x: Tensor) => vmap((y: Tensor) => f(x, y))(asTensor(grid[1], "float64"))),
      grid[0],
    );
    expect([0, 5, 10, 15].map((k) => twice[k])).toEqual(alone.flat());
  });
});

test("only the branch that is taken costs time", () => {
  const turns = 2e8;
  const f = (x: Tensor): Tensor =>
    cond(
      less(0, x),
      (a: Tensor) => scan((c: Tensor) => [sin(c), {}] as const, a, {}, { bound: turns })[0],
      (a) => a,
      x,
    );
  const begin = performance.now();
  expect(numbersOf(compile(f, [array(-1)], wasm()).callSync(array(-1)))).toEqual([-1]);
  // The loop takes seconds.
  expect(performance.now() - begin).toBeLessThan(1500);
});

test("programs with branches are written, read, printed, bounded and weighed", () => {
  const f = (i: Tensor, x: Tensor): Tensor => switchCase(i, [countUp, (a: Tensor) => mul(a, x)], x);
  const inputs = [array([0], [], "int32"), array(3)];
  const { program } = trace(f, inputs);
  check(program);
  expect(print(program)).toMatchInlineSnapshot(`
    "(a:int32[] b:float64[]) =>
      o:float64[] = switch a b b
        branch 0:
          (c:float64[] d:float64[]) =>
            e:float64[] = mul c 0
            k:float64[] = while{conditionConstants=0 bodyConstants=1} c e
              condition:
                (f:float64[]) =>
                  g:bool[] = less f 10
                  return g
              body:
                (h:float64[] i:float64[]) =>
                  j:float64[] = add i h
                  return j
            return k
        branch 1:
          (l:float64[] m:float64[]) =>
            n:float64[] = mul l m
            return n
      return o"
  `);
  const again = programFromJson(JSON.parse(JSON.stringify(programToJson(program))));
  expect(print(again)).toBe(print(program));
  expect(print(boundLoops(program, 7))).toContain("7");
  expect(programCost(program, 100).operations).toBeGreaterThan(200);
  const other = trace((i: Tensor, x: Tensor) => switchCase(i, [countUp, (a: Tensor) => mul(a, a)], x), inputs).program;
  expect(programKey(other).text).not.toBe(programKey(program).text);
  expect(programKey(again).text).toBe(programKey(program).text);
  expect(
    messageOf(() =>
      programFromJson({
        version: 1,
        inputs: [{ dtype: "int32", shape: [] }],
        equations: [{ primitive: "switch", parameters: { branches: [] }, inputs: [0] }],
        outputs: [],
      }),
    ),
  ).toContain("switch branches");
});

test("errors say what was expected", () => {
  const specs = [array([1, 2])];
  expect(messageOf(() => trace((x: Tensor) => cond(less(0, x), sin, exp, x), specs))).toContain(
    "Cannot cond: expected a predicate of bool[], got bool[2]\nUse select to choose by element, or vmap to choose for each member of a batch.",
  );
  expect(messageOf(() => trace((x: Tensor) => cond(less(0, sum(x)), sin, sum, x), specs))).toContain(
    "Cannot cond: expected branches with one kind of result, got float64[] and float64[2]\nReturn trees of the same structure, shapes and element types from all branches.",
  );
  expect(messageOf(() => trace((x: Tensor) => switchCase(sum(x), [sin, exp], x), specs))).toContain(
    "Cannot switchCase: expected an index of int32[], got float64[]",
  );
  expect(messageOf(() => trace((x: Tensor) => switchCase(0, [], x), specs))).toContain("expected branches, got none");
});
