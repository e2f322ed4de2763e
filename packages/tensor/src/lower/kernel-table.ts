/**
 * The kernels of a module, each distinct one once.
 *
 * Kernels are compared by their statements, with loops and locals named in order of appearance: addresses are arguments,
 * so that the same loop over other memory is the same function. This keeps unrolled programs small.
 */
import type { Kernel } from "../kernel/kernel.ts";

export interface KernelTable {
  readonly kernels: readonly Kernel[];
  /** The number of the kernel, or of an equal one that was there. */
  add(kernel: Kernel): number;
}

/** An empty table. */
export function createKernelTable(): KernelTable {
  const kernels: Kernel[] = [];
  const numbers = new Map<string, number>();
  return {
    kernels,
    add: (kernel) => {
      const key = keyOf(kernel);
      const before = numbers.get(key);
      if (before !== undefined) return before;
      numbers.set(key, kernels.length);
      kernels.push(kernel);
      return kernels.length - 1;
    },
  };
}

function keyOf({ parameters, body }: Kernel): string {
  const names = new Map<unknown, string>();
  const text = JSON.stringify(body, (_, value: unknown) => {
    if (typeof value === "number" && (Object.is(value, -0) || !Number.isFinite(value))) {
      return Object.is(value, -0) ? "-0" : String(value);
    }
    if (typeof value !== "object" || value === null || !("kind" in value)) return value;
    if (value.kind !== "local" && value.kind !== "loopVariable") return value;
    if ("local" in value) return value;
    const name = names.get(value) ?? `#${names.size}`;
    names.set(value, name);
    return "dtype" in value && "lanes" in value ? [name, value.dtype, value.lanes] : name;
  });
  return `${parameters}:${text}`;
}
