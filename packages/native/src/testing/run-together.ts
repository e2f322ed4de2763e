/**
 * Many programs in one library: for small ones most of the time of a compiler is that of starting it.
 */
import type { HostTensor } from "@leastaction/tensor";
import type { Slot } from "@leastaction/tensor/kernel";
import { lower } from "@leastaction/tensor/lower";
import type { ContractRun } from "../../../tensor/src/testing/target-contract.ts";
import { codeTraits, start } from "../native.ts";
import { combineModules } from "./combine-modules.ts";
import { exactBuild } from "./test-compiler.ts";

/** The outputs of each program, lowered and compiled as `native()` does it. */
export function runTogether(runs: readonly ContractRun[]): HostTensor[][] {
  const build = { ...exactBuild(), flushToZero: true };
  const traits = codeTraits(build);
  const { whole, parts } = combineModules(runs.map(({ program }) => lower(program, traits)));
  const instance = start(whole, build);
  runs.forEach(({ inputs }, i) => {
    inputs.forEach(({ data }, k) => void instance.write(parts[i]?.inputs[k] as Slot, data));
  });
  instance.run();
  return runs.map(({ program }, i) =>
    program.outputs.map(({ type: { dtype, shape } }, k) => {
      return { dtype, shape, data: instance.read(parts[i]?.outputs[k] as Slot) };
    }),
  );
}
