/**
 * Where the field is not smooth, as far as the options of `solve` tell.
 */
import type { TensorLike } from "@leastaction/tensor";
import type { Controls } from "./controls.ts";
import type { SolveOptions, StopTimes } from "./options.ts";
import type { Times } from "./times.ts";

/** Times that steps must hit. */
export interface Breaks {
  readonly times: readonly Times[];
  /** Whether the field may jump at some of them. */
  readonly jump: boolean;
}

/** The breaks of the user and of the controls: those of `hold` are jumps, those of `linear` kinks. */
export function breaksOf({
  tStops,
  controls = [],
}: Pick<SolveOptions<unknown, unknown>, "tStops" | "controls">): Breaks {
  const all = Array.isArray(controls) ? (controls as readonly Controls<unknown>[]) : [controls as Controls<unknown>];
  const rough = all.filter(({ kind }) => kind !== "cubic");
  const own = tStops === undefined ? [] : [isPlain(tStops) ? tStops : tStops.times];
  return {
    times: [...own, ...rough.map(({ times }) => times)],
    jump: rough.some(({ kind }) => kind === "hold") || (tStops !== undefined && !isPlain(tStops) && tStops.jump),
  };
}

function isPlain(tStops: StopTimes): tStops is TensorLike | readonly number[] {
  return typeof tStops === "number" || Array.isArray(tStops) || "dtype" in tStops;
}
