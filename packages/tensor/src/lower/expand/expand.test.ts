/**
 * Programs with their short axes taken apart, against the programs that they come from, by the reference evaluator.
 */
import { describe, expect, test } from "vitest";
import { sin } from "../../library/trigonometric.ts";
import { mul } from "../../ops/elementwise.ts";
import { take } from "../../ops/indexing.ts";
import { slice, stack } from "../../ops/movement.ts";
import { sum } from "../../ops/reduction.ts";
import { check } from "../../program/check.ts";
import type { HostTensor } from "../../pytree.ts";
import { evaluateProgram } from "../../target/reference/evaluate.ts";
import { array, type Tensor } from "../../trace/tensor.ts";
import { trace } from "../../trace/trace.ts";
import { grad } from "../../transform/differentiate.ts";
import { vmap } from "../../transform/vmap.ts";
import { simplify, simplifyRules } from "../simplify.ts";
import { expectClose } from "../testing/close.ts";
import { randomProgram } from "../testing/random-program.ts";
import { expand } from "./expand.ts";

const seeds = Array.from({ length: 150 }, (_, i) => i + 1);

describe("random programs without short axes", () => {
  test.each(seeds)("seed %i equals the reference", (seed) => {
    const { program, inputs } = randomProgram(seed);
    const expanded = expand(simplify(program), simplifyRules());
    check(expanded);
    const expected = evaluateProgram(program, inputs);
    const found = evaluateProgram(simplify(expanded), inputs);
    expect(found.length).toBe(expected.length);
    found.forEach(({ data }, i) => {
      expectClose(data, (expected[i] as (typeof expected)[number]).data);
    });
  });
});

describe("rows of what is in parts", () => {
  const indices = array(Int32Array.of(3, 0, 7, 3, 8, 99), [2, 3]);
  const numbers = (...shape: readonly number[]): HostTensor => {
    const count = shape.reduce((a, b) => a * b, 1);
    return array(
      Float64Array.from({ length: count }, (_, i) => Math.sin(i + 1)),
      shape,
    );
  };
  const rows = (x: Tensor, at: Tensor, axis: number): Tensor => take(stack([x, sin(x)], 1), at, axis);
  const loss = (x: Tensor, at: Tensor): Tensor => sum(mul(rows(x, at, 0), rows(x, at, 0)));
  const cases: readonly (readonly [string, (...inputs: never[]) => unknown, readonly HostTensor[]])[] = [
    ["taken", (x: Tensor, at: Tensor) => rows(x, at, 0), [numbers(9), indices]],
    ["taken along the parts", (x: Tensor, at: Tensor) => rows(x, at, 1), [numbers(9), indices]],
    ["added to", grad(loss), [numbers(9), indices]],
    ["taken for each of a batch", vmap((x: Tensor, at: Tensor) => rows(x, at, 0)), [numbers(2, 9), indices]],
    ["added to for each of a batch", vmap(grad(loss)), [numbers(2, 9), indices]],
    ["taken from matrices", (x: Tensor, at: Tensor) => rows(x, at, 2), [numbers(9, 8), indices]],
  ];

  test.each(cases)("%s", (_, f, inputs) => {
    const { program } = trace(f, inputs);
    const expanded = expand(simplify(program), simplifyRules());
    check(expanded);
    const expected = evaluateProgram(program, inputs as never);
    evaluateProgram(expanded, inputs as never).forEach(({ data }, i) => {
      expectClose(data, (expected[i] as (typeof expected)[number]).data);
    });
    const joined = expanded.equations.filter(({ primitive }) => primitive === "gather");
    expect(joined.length).toBeGreaterThan(0);
  });

  test("keep no copy of the whole", () => {
    const { program } = trace((x: Tensor, at: Tensor) => rows(x, at, 0), [numbers(9), indices] as never);
    const { equations } = expand(simplify(program), simplifyRules());
    const taken = equations.filter(({ primitive }) => primitive === "gather");
    expect(taken.map(({ inputs }) => inputs[0]?.type.shape)).toEqual([[9], [9]]);
  });
});

test("an empty cut of what is in parts is empty", () => {
  const { program } = trace((x: Tensor) => [slice(x, 0, 0, 1), slice(x, 0, 1, 1)], [{ dtype: "float64", shape: [2] }]);
  const expanded = expand(simplify(program), simplifyRules());
  check(expanded);
  const [one, none] = evaluateProgram(expanded, [array([3, 4])]) as [HostTensor, HostTensor];
  expect([...one.data, none.shape]).toEqual([3, [0]]);
});
