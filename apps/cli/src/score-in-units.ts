/** Scores in the user's names and units, as `run.json`, `--json` and `compare` hold them. */
import { fromSi, type ModelRecord, type Score } from "@leastaction/dynamics";

/** Errors of one forecast. */
export interface ShownPiece {
  readonly trajectory: string;
  /** By coordinate, in its unit. */
  readonly rmse: Readonly<Record<string, number>>;
  /** By coordinate, %. */
  readonly fit: Readonly<Record<string, number>>;
  /** In the unit of the time column. */
  readonly validTime: number;
  /** Share of samples inside the band, 0 to 1; null without a band. */
  readonly coverage: number | null;
  readonly samples: number;
}

/** Errors of a model on several pieces: their means, and each. */
export interface ShownScore extends Pick<ShownPiece, "rmse" | "fit" | "validTime" | "coverage"> {
  readonly units: Readonly<Record<string, string>>;
  readonly pieces: readonly ShownPiece[];
}

type Axes = Pick<ModelRecord, "coordinates" | "time">;

export function scoreInUnits(score: Score, axes: Axes): ShownScore {
  const { coordinates, time } = axes;
  const errors = (values: readonly number[]): Readonly<Record<string, number>> =>
    named(
      axes,
      values.map((value, i) => fromSi(coordinates[i]?.unit ?? time.unit, value)),
    );
  const shown = (part: Pick<Score, "rmse" | "fit" | "validTime" | "coverage">) => ({
    rmse: errors(part.rmse),
    fit: named(axes, part.fit),
    validTime: fromSi(time.unit, part.validTime),
    coverage: Number.isFinite(part.coverage) ? part.coverage : null,
  });
  return {
    ...shown(score),
    units: Object.fromEntries([...coordinates, time].map(({ name, unit }) => [name, unit.symbol])),
    pieces: score.pieces.map((piece) => ({ trajectory: piece.trajectory, ...shown(piece), samples: piece.samples })),
  };
}

function named({ coordinates }: Axes, values: readonly number[]): Readonly<Record<string, number>> {
  return Object.fromEntries(coordinates.map(({ name }, i) => [name, values[i] as number]));
}
