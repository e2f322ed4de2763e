/**
 * What must hold of every program, each as a question with the answer null, or what is wrong.
 */
import { isFloat } from "../../dtype.ts";
import { programFromJson } from "../../library/program-from-json.ts";
import { simplify } from "../../lower/simplify.ts";
import { check } from "../../program/check.ts";
import { type Json, programToJson } from "../../program/json.ts";
import { print } from "../../program/print.ts";
import type { Program } from "../../program/program.ts";
import type { HostTensor } from "../../pytree.ts";
import { sizeOf } from "../../shape.ts";
import { evaluateProgram } from "../../target/reference/evaluate.ts";
import type { Target } from "../../target/target.ts";
import { array } from "../../trace/tensor.ts";
import { runOn } from "../run-on.ts";
import { type Difference, differenceFrom, type Expected, expectedOf } from "./agree.ts";
import { type Body, batched, programOf } from "./sketch.ts";

/** What is wrong, null where nothing is. */
export type Verdict = string | null;

/** Every way to evaluate the program gives the same: simplified, written and read again, compiled for `target`. */
export function evaluationsAgree(
  f: Body,
  inputs: readonly HostTensor[],
  target: Target,
  onExpected?: (expected: Expected, program: Program) => void,
): Verdict {
  const program = programOf(inputs, f);
  check(program);
  const expected = expectedOf(program, inputs);
  onExpected?.(expected, program);
  const simple = simplify(program);
  check(simple);
  return (
    wrong("simplified", differenceFrom(expected, evaluateProgram(simple, inputs))) ??
    wrong(target.name, differenceFrom(expected, runOn(target, program, inputs))) ??
    survivesJson(program, inputs, expected.results)
  );
}

function wrong(what: string, difference: Difference | null): Verdict {
  if (difference === null) return null;
  const { output, element, found, expected, allowed } = difference;
  return `${what}: output ${output}, element ${element} is ${found}, expected ${expected} within ${allowed.toExponential(1)}`;
}

const sameBits = (a: HostTensor, b: HostTensor): boolean =>
  a.data.every((value: number, i: number) => Object.is(value, b.data[i]));

function survivesJson(program: Program, inputs: readonly HostTensor[], results: readonly HostTensor[]): Verdict {
  // Loops in loops are estimated by their bounds: far more than they do.
  const read = programFromJson(JSON.parse(JSON.stringify(programToJson(program))) as Json, { operations: 2 ** 60 });
  if (print(read) !== print(program)) return "read from JSON: prints another program";
  const found = evaluateProgram(read, inputs);
  return found.every((result, i) => sameBits(result, results[i] as HostTensor))
    ? null
    : "read from JSON: another result";
}

/** Members of a batch, and the batch: the inputs marked in `axes` differ. */
export function membersOf(
  inputs: readonly HostTensor[],
  axes: readonly boolean[],
): { readonly members: readonly (readonly HostTensor[])[]; readonly batch: readonly HostTensor[] } {
  const members = Array.from({ length: 3 }, (_, k) =>
    inputs.map((input, i) => (axes[i] === true ? member(input, k) : input)),
  );
  const batch = inputs.map((input, i) =>
    axes[i] === true ? stacked(members.map((one) => one[i] as HostTensor)) : input,
  );
  return { members, batch };
}

/** `vmap` gives for each of three members what the function gives; all share the second input. */
export function vmapIsLoop(f: Body, inputs: readonly HostTensor[]): Verdict {
  const axes = inputs.map((_, i) => i !== 1);
  const { members, batch } = membersOf(inputs, axes);
  const together = evaluateProgram(programOf(batch, batched(f, axes)), batch);
  const alone = programOf(inputs, f);
  for (const [k, own] of members.entries()) {
    const expected = expectedOf(alone, own);
    const found = together.map(({ dtype, shape, data }) => {
      const length = sizeOf(shape.slice(1));
      return { dtype, shape: shape.slice(1), data: data.slice(k * length, (k + 1) * length) };
    });
    const difference = wrong(`member ${k} of vmap`, differenceFrom(expected, found));
    if (difference !== null) return difference;
  }
  return null;
}

/** A little different for every member. */
function member(input: HostTensor, k: number): HostTensor {
  const changed = (value: number, i: number): number => {
    if (isFloat(input.dtype)) return value * (1 + 0.01 * k);
    return input.dtype === "bool" ? (value + (i + k > 2 ? 1 : 0)) % 2 : value + ((k * (i + 1)) % 3);
  };
  return array(Array.from(input.data, changed), input.shape, input.dtype);
}

function stacked(tensors: readonly HostTensor[]): HostTensor {
  const [first] = tensors as [HostTensor];
  return array(
    tensors.flatMap(({ data }) => Array.from(data)),
    [tensors.length, ...first.shape],
    first.dtype,
  );
}
