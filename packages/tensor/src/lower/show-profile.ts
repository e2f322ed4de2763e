/**
 * A profile as a table: one row a kernel, the slowest first, and below it what they add up to beside a whole step.
 */
import type { KernelTime, Profile } from "./profile.ts";

const head = ["kernel", "calls", "ms", "share", "operations", "bytes", "gflop/s", "from; loops"];

/**
 * A profile as text, in columns.
 *
 * @param rows Kernels to show at most; the others become one row; default 20.
 */
export function showProfile({ kernels, ms, steps }: Profile, rows = 20): string {
  const total = sumOf(kernels);
  const shown = kernels.slice(0, rows).map((row) => cellsOf(row, total));
  const rest = kernels.slice(rows);
  const more = rest.length === 0 ? [] : [[`${rest.length} more`, callsOf(rest), ...timeOf(sumOf(rest), total)]];
  const table = [head, ...shown, ...more, ["all kernels", callsOf(kernels), ...timeOf(total, total)]];
  const widths = head.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const lines = table.map((row) =>
    row
      .map((cell, column) =>
        (column === 0 || column === head.length - 1 ? cell.padEnd : cell.padStart).call(cell, widths[column] as number),
      )
      .join("  ")
      .trimEnd(),
  );
  return [...lines, `a whole step: ${digits(ms)} ms, the median of ${steps}`].join("\n");
}

function cellsOf(
  { kernel, calls, ms, operations, bytes, gflops, equations, schedule }: KernelTime,
  total: number,
): string[] {
  const [first = "memory", ...others] = equations;
  const from = others.length === 0 ? first : `${first} and ${others.length} more`;
  const rate = operations === 0 ? "" : digits(gflops);
  return [kernel, `${calls}`, ...timeOf(ms, total), `${operations}`, `${bytes}`, rate, `${from}; ${cut(schedule)}`];
}

function timeOf(ms: number, total: number): readonly [string, string] {
  return [digits(ms), total > 0 ? `${((100 * ms) / total).toFixed(1)} %` : ""];
}

function sumOf(kernels: readonly KernelTime[]): number {
  return kernels.reduce((sum, { ms }) => sum + ms, 0);
}

function callsOf(kernels: readonly KernelTime[]): string {
  return `${kernels.reduce((sum, { calls }) => sum + calls, 0)}`;
}

/** Three digits that count. */
function digits(value: number): string {
  return value === 0 ? "0" : value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

function cut(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}
