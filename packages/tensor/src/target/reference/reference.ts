/**
 * The reference target: runs programs by the reference evaluator. Slow and right; for tests and tiny work.
 */
import { TensorError } from "../../errors.ts";
import { print } from "../../program/print.ts";
import type { Program } from "../../program/program.ts";
import type { HostTensor } from "../../pytree.ts";
import type { Executable, Target } from "../target.ts";
import { evaluateProgram } from "./evaluate.ts";

/** The target that evaluates programs equation by equation in plain TypeScript. */
export function reference(): Target {
  return { name: "reference", synchronous: true, prepare };
}

function prepare(program: Program, donate: readonly (number | null)[]): Executable {
  const inputs: HostTensor[] = [];
  let outputs: HostTensor[] = [];
  const run = (): void => {
    outputs = evaluateProgram(program, inputs);
    donate.forEach((input, output) => {
      if (input !== null) inputs[input] = outputs[output] as HostTensor;
    });
  };
  const copy = (tensor: HostTensor): HostTensor => ({ ...tensor, data: tensor.data.slice() });
  return {
    write: (input, value) => {
      inputs[input] = copy(value);
    },
    run,
    runAsync: async () => run(),
    readInput: (input) => copy(inputs[input] as HostTensor),
    readOutput: (output) => copy(outputs[output] as HostTensor),
    get bytes() {
      return [...inputs, ...outputs].reduce((sum, { data }) => sum + data.byteLength, 0);
    },
    explain: () => print(program),
    kernels: () => [],
    profile: () => {
      throw new TensorError(
        "Cannot profile: expected a target that makes kernels, got reference",
        "Compile for wasm() or native().",
      );
    },
  };
}
