import { expect, test } from "vitest";
import { programFromJson } from "../library/program-from-json.ts";
import { evaluateProgram } from "../target/reference/evaluate.ts";
import { allCases } from "../testing/primitive-cases.ts";
import { trace } from "../trace/trace.ts";
import { type Json, programToJson } from "./json.ts";
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
