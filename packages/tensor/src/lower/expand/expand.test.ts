/**
 * Programs with their short axes taken apart, against the programs that they come from, by the reference evaluator.
 */
import { describe, expect, test } from "vitest";
import { check } from "../../program/check.ts";
import { evaluateProgram } from "../../target/reference/evaluate.ts";
import { simplify, simplifyRules } from "../simplify.ts";
import { expectClose } from "../testing/close.ts";
import { randomProgram } from "../testing/random-program.ts";
import { expand } from "./expand.ts";

const seeds = Array.from({ length: 150 }, (_, i) => i + 1);

describe("random programs without short axes", () => {
  test.each(seeds)("seed %i equals the reference", (seed) => {
    const { program, inputs } = randomProgram(seed);
    const expanded = expand(simplify(program), simplifyRules);
    check(expanded);
    const expected = evaluateProgram(program, inputs);
    const found = evaluateProgram(simplify(expanded), inputs);
    expect(found.length).toBe(expected.length);
    found.forEach(({ data }, i) => {
      expectClose(data, (expected[i] as (typeof expected)[number]).data);
    });
  });
});
