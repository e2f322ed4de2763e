/** The numbers of an outcome, as files can hold them: none that is not finite. */
import type { ExperimentCurve, ExperimentOutcome } from "./experiment.ts";

/** Measures by name; null for one that is not finite. */
export function finiteMeasures(measures: Readonly<Record<string, number | null>>): ExperimentOutcome["measures"] {
  return Object.fromEntries(
    Object.entries(measures).map(([name, value]) => [name, Number.isFinite(value) ? value : null]),
  );
}

/** A curve without the points whose value is not finite: where a training diverged, a mean has nothing to be of. */
export function finiteCurve({ name, steps, values }: ExperimentCurve): ExperimentCurve {
  const kept = values.flatMap((value, i) => (Number.isFinite(value) ? [[steps[i] as number, value] as const] : []));
  return { name, steps: kept.map(([step]) => step), values: kept.map(([, value]) => value) };
}
