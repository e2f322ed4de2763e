/**
 * A module in words: its kernels with what they came from, how often the driver names them, and its memory.
 */
import type { Module, Step } from "../kernel/kernel.ts";

/** One line a kernel: name, calls written in the driver, operations and bytes of one call, equations. */
export function explainModule(module: Module): string {
  const calls = new Array<number>(module.kernels.length).fill(0);
  count(module.driver, calls);
  const total = calls.reduce((sum, n) => sum + n, 0);
  const head = `${module.kernels.length} kernels, ${total} calls, ${module.arenaBytes} bytes`;
  const lines = module.kernels.map(({ name, note }, i) => {
    const shown =
      note.equations.length <= 6
        ? note.equations
        : [...note.equations.slice(0, 6), `… ${note.equations.length - 6} more`];
    return `${i}: ${name} x${calls[i]}, ${note.operations} operations, ${note.bytes} bytes: ${shown.join("; ")}`;
  });
  return [head, ...lines].join("\n");
}

function count(steps: readonly Step[], calls: number[]): void {
  for (const step of steps) {
    if (step.kind === "call") calls[step.kernel] = (calls[step.kernel] ?? 0) + 1;
    if (step.kind === "while") count(step.condition, calls);
    if (step.kind === "repeat" || step.kind === "while") count(step.body, calls);
  }
}
