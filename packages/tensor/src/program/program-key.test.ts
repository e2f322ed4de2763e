import { describe, expect, it } from "vitest";
import { scan } from "../library/control-flow.ts";
import { add, mul } from "../ops/elementwise.ts";
import { allCases } from "../testing/primitive-cases.ts";
import { array, full, type Tensor } from "../trace/tensor.ts";
import { trace } from "../trace/trace.ts";
import { programKey } from "./program-key.ts";

const vector = { dtype: "float32", shape: [3] };
const keyOf = (f: (x: Tensor) => unknown, type: object = vector) => programKey(trace(f as never, [type]).program);
const loop = (x: Tensor, turn: (y: Tensor) => Tensor): Tensor =>
  scan((y: Tensor) => [turn(y), {}], x, {}, { bound: 4 })[0];

describe("programKey", () => {
  it("is the same for every trace of a function", () => {
    for (const { apply, inputs } of allCases) {
      expect(programKey(trace(apply, inputs).program)).toEqual(programKey(trace(apply, inputs).program));
    }
  });

  it("differs wherever programs differ", () => {
    const numbers = array([1, 2, 3], [3], "float32");
    const programs: readonly ((x: Tensor) => unknown)[] = [
      (x) => x,
      (x) => [x, x],
      (x) => add(x, x),
      (x) => mul(x, x),
      (x) => add(x, 1),
      (x) => add(x, 2),
      (x) => add(x, 0),
      (x) => add(x, -0),
      (x) => add(x, Number.NaN),
      (x) => add(x, Number.POSITIVE_INFINITY),
      (x) => add(full([3], 1, "float32"), x),
      (x) => add(x, numbers),
      (x) => loop(x, (y) => add(y, 1)),
      (x) => loop(x, (y) => add(y, 2)),
      (x) => loop(x, (y) => mul(y, y)),
    ];
    const texts = programs.map((f) => keyOf(f).text);
    expect(new Set(texts).size).toBe(programs.length);
    expect(keyOf((x) => add(x, x), { dtype: "float64", shape: [3] }).text).not.toBe(texts[2]);
    expect(keyOf((x) => add(x, x), { dtype: "float32", shape: [4] }).text).not.toBe(texts[2]);
  });

  it("gives each array of constants once, in order", () => {
    const [one, other] = [array([1, 2, 3], [3], "float32"), array([4, 5, 6], [3], "float32")];
    const { text, arrays } = keyOf((x) => add(mul(add(x, one), other), one));
    expect(arrays.map((data) => Array.from(data))).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(text.match(/#\d/g)).toEqual(["#0", "#1", "#0"]);
  });
});
