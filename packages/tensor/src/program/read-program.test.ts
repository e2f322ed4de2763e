import { describe, expect, it, test } from "vitest";
import { compile } from "../compile.ts";
import { whileLoop } from "../library/control-flow.ts";
import { programFromJson } from "../library/program-from-json.ts";
import { less } from "../ops/comparison.ts";
import { add } from "../ops/elementwise.ts";
import { evaluateProgram } from "../target/reference/evaluate.ts";
import { wasm } from "../target/wasm/wasm.ts";
import { inline } from "../trace/builder.ts";
import { array, type Tensor } from "../trace/tensor.ts";
import { trace } from "../trace/trace.ts";
import { boundLoops } from "./bound-loops.ts";
import { check } from "./check.ts";
import { type Json, programToJson } from "./json.ts";
import { programCost } from "./program-limits.ts";

const scalar = { dtype: "float64", shape: [] };
const vector = { dtype: "float64", shape: [4] };
const valid = {
  version: 1,
  inputs: [scalar],
  equations: [{ primitive: "sin", parameters: {}, inputs: [0] }],
  outputs: [1, { ...scalar, constant: "-Infinity" }],
};
const reading = (change: object): (() => unknown) => {
  return () => programFromJson(JSON.parse(JSON.stringify({ ...valid, ...change })) as Json);
};
const one = (primitive: string, parameters: object, inputs: readonly unknown[] = [0]): (() => unknown) =>
  reading({ inputs: [vector], equations: [{ primitive, parameters, inputs }] });

test("a good program is read", () => {
  expect(reading({})).not.toThrow();
  expect(one("slice", { start: [0], limit: [4], stride: [2] })).not.toThrow();
});

describe("what is refused", () => {
  it.each<[string, object, string]>([
    ["another version", { version: 99 }, "expected version 1, got version 99"],
    [
      "a method",
      { equations: [{ primitive: "toString", inputs: [0] }] },
      'known primitive at program.equations[0], got "toString"',
    ],
    ["a prototype", { equations: [{ primitive: "__proto__", inputs: [0] }] }, "expected a known primitive"],
    ["a list as primitive", { equations: [{ primitive: ["sin"], inputs: [0] }] }, "got a list of 1"],
    [
      "a later variable",
      { equations: [{ primitive: "sin", inputs: [7] }] },
      "a variable defined before program.equations[0].inputs[0], got number 7",
    ],
    ["part of a variable", { outputs: [0.5] }, "a variable defined before program.outputs[0], got number 0.5"],
    ["no equations", { equations: null }, "expected a list at program.equations, got null"],
    [
      "large inputs",
      { inputs: [{ dtype: "float64", shape: [1e9, 1e9] }] },
      "expected at most 268435456 bytes at program.inputs[0], got 8.00e+18",
    ],
    [
      "large and empty inputs",
      { inputs: [{ dtype: "float64", shape: [0, 1e15] }] },
      "expected at most 268435456 bytes",
    ],
    [
      "negative extents",
      { inputs: [{ dtype: "float64", shape: [-1] }] },
      "a whole number from 0 on at program.inputs[0].shape[0], got -1",
    ],
    ["too many axes", { inputs: [{ dtype: "float64", shape: new Array(33).fill(1) }] }, "expected at most 32 axes"],
    ["another type", { inputs: [{ dtype: "complex", shape: [] }] }, 'at program.inputs[0].dtype, got "complex"'],
    [
      "few numbers",
      { outputs: [{ dtype: "float64", shape: [3], constant: [1] }] },
      "expected 3 numbers at program.outputs[0], got 1",
    ],
    [
      "words for numbers",
      { outputs: [{ ...scalar, constant: "1; system(0)" }] },
      'expected a number at program.outputs[0], got "1; system(0)"',
    ],
    [
      "part of an integer",
      { outputs: [{ dtype: "int32", shape: [], constant: 0.5 }] },
      "expected a number of int32 at program.outputs[0], got 0.5",
    ],
    [
      "an integer beyond its type",
      { outputs: [{ dtype: "uint32", shape: [], constant: -1 }] },
      "expected a number of uint32",
    ],
  ])("%s", (_, change, message) => {
    expect(reading(change)).toThrow(message);
  });

  it.each<[string, string, object, string, (readonly unknown[])?]>([
    ["no parameters", "slice", {}, "expected start, limit, stride for slice at program.equations[0], got no start"],
    [
      "parameters of another",
      "sin",
      { axes: [0] },
      'expected no parameters for sin at program.equations[0], got also "axes"',
    ],
    ["a prototype", "sin", JSON.parse('{"__proto__": {}}'), 'got also "__proto__"'],
    ["an axis beyond", "reduceSum", { axes: [1] }, "distinct axes of float64[4]"],
    ["a negative axis", "reverse", { axes: [-1] }, "a whole number from 0 on at program.equations[0].axes[0], got -1"],
    ["a slice beyond", "slice", { start: [0], limit: [5], stride: [1] }, "0 <= start <= limit within float64[4]"],
    ["a slice that stands", "slice", { start: [0], limit: [4], stride: [0] }, "0 <= start <= limit within float64[4]"],
    [
      "padding without end",
      "pad",
      { low: [1e12], high: [0], interior: [0] },
      "expected at most 268435456 bytes at program.equations[0]",
    ],
    ["a broadcast to nowhere", "broadcast", { shape: [4], axes: [3] }, "increasing axes that place float64[4] in [4]"],
    ["too many operands", "iota", { dtype: "int32", shape: [4], axis: 0 }, "and no tensors"],
    ["types that differ", "add", {}, "2 of one numeric type and shape", [0, { ...scalar, constant: 1 }]],
    [
      "one list of axes",
      "dot",
      { contract: [[0]], batch: [[], []] },
      "expected two lists of axes at program.equations[0].contract, got 1",
      [0, 0],
    ],
    [
      "a word for a flag",
      "custom",
      { body: { inputs: [], equations: [], outputs: [] }, bodyDerives: "no" },
      "expected true or false",
    ],
    [
      "a word for a type",
      "convert",
      { dtype: "float64; #include" },
      "expected one of float32, float64, int32, uint32, bool",
    ],
    [
      "a carry that nobody has",
      "scan",
      { body: { inputs: [vector], equations: [], outputs: [0] }, constants: 0, carry: 2, bound: 3, reverse: false },
      "scan inputs: expected at least 2, got 1",
      [{ dtype: "int32", shape: [], constant: 3 }, 0],
    ],
  ])("%s of an equation", (_, primitive, parameters, message, inputs) => {
    expect(one(primitive, parameters, inputs)).toThrow(message);
  });

  it("programs inside programs without end", () => {
    let body: object = { inputs: [scalar], equations: [], outputs: [0] };
    for (let i = 0; i < 40; i++) {
      body = {
        inputs: [scalar],
        equations: [{ primitive: "checkpoint", parameters: { body }, inputs: [0] }],
        outputs: [1],
      };
    }
    expect(reading(body)).toThrow("expected at most 32 programs inside each other, got more");
    let deep: unknown = 1;
    for (let i = 0; i < 3000; i++) deep = [deep];
    expect(reading({ equations: deep })).toThrow("expected an object at program.equations[0], got a list of 1");
  });

  it("work and memory beyond the limits, before any is done", () => {
    const body = { inputs: [scalar], equations: [{ primitive: "sin", inputs: [0] }], outputs: [1] };
    const parameters = { body, constants: 0, carry: 1, bound: 1e15, reverse: false };
    const length = { dtype: "int32", shape: [], constant: 5 };
    expect(reading({ equations: [{ primitive: "scan", parameters, inputs: [length, 0] }] })).toThrow(
      "expected at most 1073741824 operations in one evaluation, got 1.00e+15",
    );
    const large = { primitive: "broadcast", parameters: { shape: [2 ** 22], axes: [] }, inputs: [0] };
    expect(reading({ equations: new Array(9).fill(large) })).toThrow(
      "expected at most 268435456 bytes in one evaluation",
    );
  });
});

describe("a while that does not end", () => {
  const forever = (x: Tensor): Tensor =>
    whileLoop(
      (y) => less(y, 1e300),
      (y) => add(y, 1),
      x,
    );
  const { program } = trace(forever, [scalar]);

  it("costs its turns", () => {
    expect(programCost(program, 1000).operations).toBe(4001);
    expect(() => programFromJson(programToJson(program), { operations: 3000, turns: 1000 })).toThrow("3000 operations");
  });

  it("stops after them and says NaN; one that ends keeps its bits", () => {
    const bounded = boundLoops(program, 1000);
    check(bounded);
    const compiled = compile((x: Tensor) => inline(bounded, [x])[0] as Tensor, [scalar], wasm());
    const both = (x: number): unknown[] => [
      evaluateProgram(bounded, [array(x)])[0]?.data[0],
      compiled.callSync(array(x)).data[0],
    ];
    expect(both(0)).toEqual([Number.NaN, Number.NaN]);
    expect(both(1e300)).toEqual([1e300, 1e300]);
  });
});
