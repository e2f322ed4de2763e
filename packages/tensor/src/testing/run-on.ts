/**
 * A program, run once on a target.
 */
import type { Program } from "../program/program.ts";
import type { HostTensor } from "../pytree.ts";
import type { Target } from "../target/target.ts";

/** The results for these inputs. */
export function runOn(target: Target, program: Program, inputs: readonly HostTensor[]): HostTensor[] {
  const executable = target.prepare(
    program,
    program.outputs.map(() => null),
  );
  inputs.forEach((input, i) => {
    executable.write(i, input);
  });
  executable.run();
  return program.outputs.map((_, i) => executable.readOutput(i));
}
