/**
 * From rows of single trainings to the table of the experiment.
 */
import { geometricMean, type Interval, type Spread, spread } from "../statistics.ts";
import type { Score } from "./evaluation.ts";
import { kinds, type Protocol, protocols } from "./protocol.ts";

/** The numbers of one trained model. */
export interface Row extends Score {
  readonly protocol: Protocol;
  readonly model: (typeof kinds)[number];
  readonly seed: number;
  readonly seconds: number;
}

/** One protocol and model over the seeds. */
export interface RowSummary {
  readonly protocol: Protocol;
  readonly model: Row["model"];
  readonly seeds: readonly number[];
  readonly energy: Spread & { readonly geometric: Interval };
  readonly state: Spread & { readonly geometric: Interval };
}

/** The summary of every protocol and model that has at least two seeds. */
export function summarise(rows: readonly Row[]): RowSummary[] {
  return protocols.flatMap((protocol) =>
    kinds.flatMap((model) => {
      const own = rows.filter((row) => row.protocol === protocol && row.model === model);
      if (own.length < 2) return [];
      const over = (name: keyof Score): RowSummary["energy"] => {
        const numbers = own.map((row) => row[name]);
        return { ...spread(numbers), geometric: geometricMean(numbers) };
      };
      const seeds = own.map(({ seed }) => seed).sort((a, b) => a - b);
      return [{ protocol, model, seeds, energy: over("energy"), state: over("state") }];
    }),
  );
}
