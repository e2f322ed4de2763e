/** A comparison as tidy CSV: one line for each model, seed, test recording and coordinate. */
import { quotedField } from "@leastaction/dynamics";
import type { Comparison } from "./comparison.ts";

export function comparisonCsv({ rows, coordinates, units, time }: Comparison): string {
  const unit = units[time] ?? "";
  const head = [
    "model",
    "seed",
    "trajectory",
    "coordinate",
    "unit",
    "rmse",
    "fit [%]",
    `valid_time${unit && ` [${unit}]`}`,
  ];
  const lines = rows.flatMap(({ name, members }) =>
    members.flatMap(({ seed, test }) =>
      test.pieces.flatMap(({ trajectory, rmse, fit, validTime }) =>
        coordinates.map((each) => [
          name,
          String(seed),
          trajectory,
          each,
          units[each] ?? "",
          String(rmse[each]),
          String(fit[each]),
          String(validTime),
        ]),
      ),
    ),
  );
  return [head, ...lines].map((cells) => `${cells.map((text) => quotedField(text)).join(",")}\n`).join("");
}
