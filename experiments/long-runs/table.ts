/**
 * The results as the table of docs/long-runs.md.
 */
import type { Row } from "./protocol.ts";

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

function short(value: number): string {
  return value.toExponential(1);
}

function signed(value: number): string {
  return value < 0 ? short(value) : `+${short(value)}`;
}
