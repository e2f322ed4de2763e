/**
 * The results as the tables of docs/long-runs.md.
 */
import type { Row } from "./protocol.ts";
import type { Rounding } from "./rounding.ts";

/** Markdown, one line a solver and system. */
export function table(rows: readonly Row[]): string {
  const head =
    "| system | solver | steps a period | oscillation | drift, 95 % interval | bound | |\n|---|---|---|---|---|---|---|";
  const lines = rows.map(({ problem, solver, stepsPerPeriod, oscillation, drift, bound, passes }) => {
    const interval = `${signed(drift.estimate)} ± ${short(drift.halfWidth)}`;
    const cells = [problem, `\`${solver}\``, stepsPerPeriod, short(oscillation), interval, short(bound)];
    return `| ${cells.join(" | ")} | ${passes ? "kept" : "**lost**"} |`;
  });
  return [head, ...lines].join("\n");
}

/** Markdown, one line a system: where the mean energy ends, with and without compensated summation. */
export function roundingTable(rows: readonly Rounding[]): string {
  const head = "| system | plain | compensated |\n|---|---|---|";
  const lines = rows.map(
    ({ problem, plain, compensated }) => `| ${problem} | ${signed(plain)} | ${signed(compensated)} |`,
  );
  return [head, ...lines].join("\n");
}

function short(value: number): string {
  return value.toExponential(1);
}

function signed(value: number): string {
  return value < 0 ? short(value) : `+${short(value)}`;
}
