/**
 * Many modules as one, so that a test needs one run of a compiler for all of them.
 */
import type { DriverAddress, Module, Slot, Step } from "@leastaction/tensor/kernel";

/** The modules behind each other, in one arena; the slots of each are found in `parts`, in order. */
export function combineModules(modules: readonly Module[]): {
  readonly whole: Module;
  readonly parts: readonly Module[];
} {
  let kernels = 0;
  let bytes = 0;
  const parts = modules.map((module) => {
    const part = shift(module, kernels, bytes);
    kernels += module.kernels.length;
    bytes += Math.ceil(module.arenaBytes / 64) * 64;
    return part;
  });
  const whole = {
    kernels: parts.flatMap((part) => part.kernels),
    driver: parts.flatMap((part) => part.driver),
    arenaBytes: bytes,
    constants: parts.flatMap((part) => part.constants),
    inputs: parts.flatMap((part) => part.inputs),
    outputs: parts.flatMap((part) => part.outputs),
  };
  return { whole, parts };
}

function shift(module: Module, kernels: number, bytes: number): Module {
  const slot = (old: Slot): Slot => ({ ...old, offset: old.offset + bytes });
  const at = (old: DriverAddress): DriverAddress => ({ ...old, offset: old.offset + bytes });
  const step = (old: Step): Step => {
    switch (old.kind) {
      case "call":
        return { ...old, kernel: old.kernel + kernels, addresses: old.addresses.map(at) };
      case "repeat": {
        const length = typeof old.length === "number" ? old.length : at(old.length);
        return { ...old, length, body: old.body.map(step) };
      }
      case "while":
        return { ...old, condition: old.condition.map(step), flag: at(old.flag), body: old.body.map(step) };
      case "parallel":
        return { ...old, parts: old.parts.map((part) => ({ ...part, body: part.body.map(step) })) };
      case "copy":
        return { ...old, from: at(old.from), to: at(old.to) };
      case "clear":
        return { ...old, at: at(old.at) };
    }
  };
  return {
    ...module,
    driver: module.driver.map(step),
    constants: module.constants.map(({ slot: old, data }) => ({ slot: slot(old), data })),
    inputs: module.inputs.map(slot),
    outputs: module.outputs.map(slot),
  };
}
