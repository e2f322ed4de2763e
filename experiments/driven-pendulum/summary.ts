/** Rows of rigs in a few numbers. */
import { spread } from "../statistics.ts";
import { isCovered, type RigRow } from "./protocol.ts";

/** What is said of all rigs. */
export interface Summary {
  readonly rigs: number;
  /** By constant: rigs whose interval holds the truth, and the root mean square of (value - truth) / (half width / 1.96). */
  readonly constants: Readonly<Record<string, { readonly covered: number; readonly deviation: number }>>;
  /** RMSE of the forecasts of the test recordings by model: median and range over the rigs, deg. */
  readonly rmse: Readonly<Record<string, { readonly median: number; readonly range: readonly [number, number] }>>;
  /** Rigs on which the grey box forecasts better than every baseline. */
  readonly best: number;
}

/** The summary of rigs. */
export function summaryOf(rows: readonly RigRow[]): Summary {
  const names = rows[0]?.constants.map(({ name }) => name) ?? [];
  const models = Object.keys(rows[0]?.rmse ?? {});
  return {
    rigs: rows.length,
    constants: Object.fromEntries(
      names.map((name) => {
        const own = rows.flatMap(({ constants }) => constants.filter((constant) => constant.name === name));
        const squares = own.map(({ value, truth, halfWidth }) => ((1.96 * (value - truth)) / (halfWidth ?? 0)) ** 2);
        const deviation = Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / own.length);
        return [name, { covered: own.filter(isCovered).length, deviation: Number(deviation.toPrecision(3)) }];
      }),
    ),
    rmse: Object.fromEntries(
      models.map((model) => {
        const { median, range } = spread(rows.map(({ rmse }) => rmse[model] as number));
        return [model, { median, range: [range[0], range[1]] as const }];
      }),
    ),
    best: rows.filter(({ rmse }) => models.every((model) => (rmse.pendulum as number) <= (rmse[model] as number)))
      .length,
  };
}
