/**
 * The loops of a kernel in a line: `i0 0..750 (i1 0..192 by 16; i1 192..200 by 8)`, brackets around what a loop holds.
 *
 * Counters and bounds are those of the kernel; a step of more than one is a block, or the lanes of a vector. What has no
 * loop at all is `straight`.
 */
import type { Kernel, Statement } from "../kernel/kernel.ts";

/** The loop nest of a kernel. */
export function scheduleInWords({ body }: Kernel): string {
  const text = loopsIn(body);
  return text === "" ? "straight" : text;
}

function loopsIn(body: readonly Statement[]): string {
  const parts = body.flatMap((statement) => {
    if (statement.kind === "branch") return [loopsIn(statement.body)];
    if (statement.kind === "while") {
      const inner = loopsIn(statement.body);
      return [inner === "" ? "while" : `while (${inner})`];
    }
    if (statement.kind !== "loop") return [];
    const { loop, from, to, step } = statement;
    const inner = loopsIn(statement.body);
    const head = `${loop.name} ${from}..${to}${step === 1 ? "" : ` by ${step}`}`;
    return [inner === "" ? head : `${head} (${inner})`];
  });
  return parts.filter((part) => part !== "").join("; ");
}
