/**
 * The controls that a stepper was given so far: as much of them as still acts.
 *
 * A value that is held acts from the start of its step, one that is joined by lines is reached at the end of it; each
 * acts after the delay of its control. What lies further back than the delay is forgotten.
 */
import type { ControlAxis } from "../data/dataset.ts";
import { measuredControl } from "../data/measured-control.ts";
import { toSi } from "../data/unit.ts";
import type { DelayedControls } from "./control-lines.ts";

/** Values of controls by name, in the user's units; what is left out is 0. */
type Values = Readonly<Record<string, number>>;

/** Controls of the past. */
export interface ControlHistory {
  /** Takes the controls of the step from `time` on, and gives what acts over it. */
  readonly over: (time: number, dt: number, values: Values) => DelayedControls;
}

/** A history that begins with the controls `before` the first step; default those of the first step. */
export function controlHistory(axes: readonly ControlAxis<number>[], before?: Values): ControlHistory {
  const tracks = axes.map((axis) => ({ axis, times: [] as number[], values: [] as number[] }));
  return {
    over: (time, dt, values) => ({
      delays: axes.map(({ delay }) => delay),
      controls: tracks.map(({ axis: { name, unit, hold, delay }, times: given, values: past }) => {
        const value = toSi(unit, values[name] ?? 0);
        if (given.length === 0) {
          given.push(hold === "zero" ? Number.NEGATIVE_INFINITY : time);
          past.push(before === undefined ? value : toSi(unit, before[name] ?? 0));
        }
        given.push(hold === "zero" ? time : time + dt);
        past.push(value);
        while (given.length > 2 && (given[1] as number) <= time - delay) {
          given.shift();
          past.shift();
        }
        return measuredControl(given, past, hold);
      }),
    }),
  };
}
