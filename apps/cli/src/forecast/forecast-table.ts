/**
 * A forecast as CSV, in the user's headers and units.
 *
 * Columns: the data's trajectory column (where it has one), then those of the forecast itself: `t`, the coordinates,
 * their velocities, `NAME_low` and `NAME_high` of each coordinate, `outside`. Numbers are written with as many digits as
 * it takes to read them back to the same bits; a band that is withheld is an empty cell.
 */
import { type Forecast, quotedField } from "@leastaction/dynamics";

/**
 * The whole file.
 * @param trajectoryHeader header of the first column, or null to leave it out
 */
export function forecastTable(trajectoryHeader: string | null, forecasts: readonly Forecast[]): string {
  const headers = (forecasts[0]?.columns ?? []).map(({ header }) => header);
  const first = trajectoryHeader === null ? [] : [trajectoryHeader];
  const lines = [[...first, ...headers].map(quotedField).join(",")];
  for (const { trajectory, columns, times } of forecasts) {
    const name = trajectoryHeader === null ? [] : [quotedField(trajectory)];
    for (let row = 0; row < times.length; row++) {
      const numbers = columns.map(({ values }) => cell(values[row] as number));
      lines.push([...name, ...numbers].join(","));
    }
  }
  return `${lines.join("\n")}\n`;
}

function cell(value: number): string {
  return Number.isFinite(value) ? String(value) : "";
}
