/**
 * A wrong target is found by random programs, and the program that shows it is made small and written down.
 */
import { expect, test } from "vitest";
import type { Program } from "../../program/program.ts";
import { reference } from "../../target/reference/reference.ts";
import type { Target } from "../../target/target.ts";
import { failingTest, type Proof, prove } from "./prove.ts";

/** Takes cosines for sines, in loops and calls too. */
const wrong: Target = {
  ...reference(),
  name: "wrong",
  prepare: (program) => reference().prepare(cosines(program), []),
};

function cosines(program: Program): Program {
  const equations = program.equations.map((equation) => {
    const { primitive, parameters } = equation;
    if (primitive === "sin") return { ...equation, primitive: "cos" as const };
    const body = "body" in parameters ? { body: cosines(parameters.body as Program) } : {};
    return { ...equation, parameters: { ...parameters, ...body } } as typeof equation;
  });
  return { ...program, equations };
}

function firstFailure(): Proof {
  for (let seed = 0; seed < 40; seed += 4) {
    const proof = prove(seed, [wrong]);
    if (proof.failure !== null) return proof;
  }
  throw new Error("No program shows it.");
}

test("a wrong target is found, by a program of some equations", () => {
  const proof = firstFailure();
  expect(proof.failure?.verdict).toContain("wrong: output");
  const written = failingTest(proof, [wrong], 60).split("\n");
  const equations = written.filter((line) => line.includes("emit("));
  expect(equations.length).toBeLessThan(5);
  expect(equations.join()).toContain('emit("sin"');
  expect(written.at(-2)).toBe("  expect(evaluationsAgree(f, inputs, wrong())).toBeNull();");
});
