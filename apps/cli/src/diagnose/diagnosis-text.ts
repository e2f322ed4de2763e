/** A diagnosis for the terminal: the five sentences first, then the numbers behind them. */
import type { MotionDiagnosis } from "@leastaction/dynamics";
import { counted, formatted } from "@leastaction/dynamics";
import { namedRows } from "../named-rows.ts";
import { energyLossRows, rateUnitOf, thresholdRows } from "./diagnosis-rows.ts";

export function diagnosisText(found: MotionDiagnosis): string {
  const { summary, verdicts, divergence, metrics, certificate, notes } = found;
  const rows: (readonly string[])[] = [
    ["Lagrangian", verdicts.lagrangian.verdict],
    ["with time", verdicts.lagrangianTimeDependent.verdict],
    ["dissipation", verdicts.dissipation.verdict],
    ...(divergence === null
      ? []
      : [
          [
            "mean of tr(df/dv)",
            `${formatted(divergence.mean)} ${rateUnitOf(found)} (95 %: ${formatted(divergence.low)} to ${formatted(divergence.high)})`,
          ],
        ]),
    ...energyLossRows(found).map((row, bin) => [bin === 0 ? "damping" : "", row]),
    ...metrics.map(({ timeDependent, total, h1, h2, h3, steps }) => [
      timeDependent ? "metric, g with time" : "metric, g without time",
      `${formatted(total)} (${formatted(h1)} + ${formatted(h2)} + ${formatted(h3)}) after ${counted(steps, "step")}`,
    ]),
    ...metrics
      .filter(({ energyDrift }) => energyDrift !== null)
      .map(({ energyDrift }) => [
        "change of the energy of g",
        `${formatted(100 * (energyDrift as number), 2)} % of its spread`,
      ]),
    ...(certificate === null
      ? []
      : [
          [
            "equations for g",
            `${formatted(100 * certificate.share, 2)} % of ${certificate.points} states without a regular g`,
          ],
        ]),
  ];
  return [
    ...summary.map(({ about, text }) => `${about}: ${text}\n`),
    "\n",
    namedRows(rows),
    "\n",
    ...notes.map((line) => `${line}\n`),
    `thresholds: ${thresholdRows(found)
      .map(({ name, value }) => `${name} ${value}`)
      .join("; ")}\n`,
  ].join("");
}
