/**
 * A forecast as CSV, in the user's headers and units.
 *
 * Columns: the data's trajectory column (where it has one), `t`, the coordinates, their velocities, `NAME_low` and
 * `NAME_high` of each coordinate, `outside`. A velocity that was not measured is called `NAME_rate`, in the coordinate's
 * unit a second: the record of the model says so. Numbers are written with as many digits as it takes to read them back to the same bits.
 */
import { type Axis, type CoordinateAxis, quotedField, writeNumber } from "@leastaction/dynamics";

/** What is written over the columns: a part of the record of a saved model. */
export interface ForecastAxes {
  readonly time: Axis;
  readonly trajectoryHeader: string | null;
  readonly coordinates: readonly CoordinateAxis[];
}

/** The forecast of one trajectory: n times, d coordinates, SI. */
export interface ForecastRows {
  readonly trajectory: string;
  /** [n] s. */
  readonly times: Float64Array;
  /** [n, d] each. */
  readonly positions: Float64Array;
  readonly velocities: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** [n] 1 where the state has left the trained range. */
  readonly outside: Uint8Array;
}

/** The whole file. */
export function forecastTable(axes: ForecastAxes, forecasts: readonly ForecastRows[]): string {
  const columns = columnsOf(axes);
  const lines = [columns.map(({ header }) => quotedField(header)).join(",")];
  for (const forecast of forecasts) {
    for (let row = 0; row < forecast.times.length; row++) {
      lines.push(columns.map(({ cell }) => cell(forecast, row)).join(","));
    }
  }
  return `${lines.join("\n")}\n`;
}

interface Column {
  readonly header: string;
  readonly cell: (forecast: ForecastRows, row: number) => string;
}

function columnsOf({ time, trajectoryHeader, coordinates }: ForecastAxes): readonly Column[] {
  const width = coordinates.length;
  const of = (axis: Pick<Axis, "unit">, header: string, index: number, part: Part): Column => ({
    header,
    cell: (forecast, row) => writeNumber(axis.unit, forecast[part][row * width + index] ?? Number.NaN),
  });
  return [
    ...(trajectoryHeader === null
      ? []
      : [{ header: trajectoryHeader, cell: ({ trajectory }: ForecastRows) => quotedField(trajectory) }]),
    { header: "t", cell: ({ times }, row) => writeNumber(time.unit, times[row] as number) },
    ...coordinates.map((axis, index) => of(axis, axis.header, index, "positions")),
    ...coordinates.map((axis, index) => of(axis.velocity, axis.velocity.header, index, "velocities")),
    ...coordinates.flatMap((axis, index) => [
      of(axis, `${axis.name}_low`, index, "low"),
      of(axis, `${axis.name}_high`, index, "high"),
    ]),
    { header: "outside", cell: ({ outside }, row) => String(outside[row]) },
  ];
}

type Part = "positions" | "velocities" | "low" | "high";
