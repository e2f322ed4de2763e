import { expect, test } from "vitest";
import { evaluateProgram } from "../target/reference/evaluate.ts";
import { allCases } from "../testing/primitive-cases.ts";
import { trace } from "../trace/trace.ts";
import { type Json, programFromJson, programToJson } from "./json.ts";
import { print } from "./print.ts";

test.each(allCases.map((item) => [item.name, item] as const))(
  "%s survives the way through JSON",
  (_, { apply, inputs }) => {
    const { program } = trace(apply, inputs);
    const text = JSON.stringify(programToJson(program));
    const back = programFromJson(JSON.parse(text) as Json);
    expect(print(back)).toBe(print(program));
    expect(evaluateProgram(back, inputs)).toEqual(evaluateProgram(program, inputs));
  },
);

const scalar = { dtype: "float64", shape: [] };
const valid = {
  version: 1,
  inputs: [scalar],
  equations: [{ primitive: "sin", parameters: {}, inputs: [0] }],
  outputs: [1, { ...scalar, constant: "-Infinity" }],
};

test("what is read is checked", () => {
  const reading =
    (change: object): (() => unknown) =>
    () =>
      programFromJson({ ...valid, ...change } as unknown as Json);
  expect(reading({})).not.toThrow();
  expect(reading({ version: 99 })).toThrow("Cannot read a program: expected version 1, got version 99");
  expect(reading({ equations: [{ primitive: "toString", inputs: [0] }] })).toThrow(
    'expected a known primitive at program.equations[0], got "toString"',
  );
  expect(reading({ equations: [{ primitive: "__proto__", inputs: [0] }] })).toThrow("expected a known primitive");
  expect(reading({ equations: [{ primitive: "sin", inputs: [7] }] })).toThrow(
    "expected a variable defined before program.equations[0].inputs[0], got number 7",
  );
  expect(reading({ equations: [{ primitive: "slice", inputs: [0] }] })).toThrow(
    "expected parameters of slice at program.equations[0]",
  );
  expect(reading({ inputs: [{ dtype: "float64", shape: [1e9, 1e9] }] })).toThrow("expected at most 268435456 elements");
  expect(reading({ inputs: [{ dtype: "complex", shape: [] }] })).toThrow(
    "expected an element type and a shape at program.inputs[0]",
  );
  expect(reading({ outputs: [{ dtype: "float64", shape: [3], constant: [1] }] })).toThrow(
    "expected 3 numbers at program.outputs[0], got 1",
  );
});
