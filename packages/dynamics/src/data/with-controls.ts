/**
 * What is known about how a control acts: between its samples, and how long after them.
 *
 * Both are facts about the apparatus that no table states: a digital output holds its value (`zero`), a recorded analogue
 * signal goes on in between (`linear`); amplifiers, buses and filters delay what was commanded. A delay that is not known
 * can be fitted.
 */

import { didYouMean } from "../nearest-name.ts";
import { DataError } from "./data-error.ts";
import type { Axis, ControlAxis, Dataset } from "./dataset.ts";
import type { ControlHold } from "./measured-control.ts";

/** What may be said about a control; what is left out stays. */
export interface ControlSetting {
  readonly hold?: ControlHold;
  /** s, not negative; or `fit`. */
  readonly delay?: number | "fit";
}

/** A control axis that holds its values and acts at once, unless more is said. */
export function controlAxis(axis: Axis, { hold = "zero", delay = 0 }: ControlSetting = {}): ControlAxis {
  const { name, header, unit } = axis;
  return Object.freeze({ name, header, unit, hold, delay });
}

/**
 * The data set with more known about its controls; measurements and hash stay.
 *
 * @param settings by short name or header of the control
 * @throws DataError for a control that is not there, and for a negative delay
 * @example
 * const table = "t,x,mot\n0,1,0\n0.1,2,1\n0.2,3,1";
 * const data = readTable(table, { minimumRows: 3, columns: { x: "coordinate", mot: "control:V" } });
 * withControls(data, { mot: { hold: "linear", delay: 0.02 } }).controls[0].delay; // => 0.02
 */
export function withControls(dataset: Dataset, settings: Readonly<Record<string, ControlSetting>>): Dataset {
  for (const [key, { delay = 0 }] of Object.entries(settings)) {
    if (!dataset.controls.some((axis) => speaksOf(key, axis))) throw noControl(dataset, key);
    if (delay !== "fit" && !(delay >= 0 && Number.isFinite(delay))) throw badDelay(dataset, key, delay);
  }
  const controls = dataset.controls.map((axis) => {
    const said = Object.entries(settings).find(([key]) => speaksOf(key, axis))?.[1] ?? {};
    return controlAxis(axis, { hold: said.hold ?? axis.hold, delay: said.delay ?? axis.delay });
  });
  return Object.freeze({ ...dataset, controls: Object.freeze(controls) });
}

function speaksOf(key: string, { name, header }: Axis): boolean {
  return key === name || key === header;
}

function noControl({ name, controls }: Dataset, key: string): DataError {
  return new DataError({
    code: "missing-column",
    file: name,
    column: key,
    expected: `a control of that name (${controls.map((axis) => axis.name).join(", ") || "there is none"})`,
    found: key,
    remedy: didYouMean(
      key,
      controls.map((axis) => axis.name),
      `Say that it is one: --column ${key}=control:V.`,
    ),
  });
}

function badDelay({ name }: Dataset, key: string, delay: number): DataError {
  return new DataError({
    code: "bad-option",
    file: name,
    column: key,
    expected: "a delay of 0 s or more, or fit",
    found: `${delay} s`,
    remedy: "A control that acts before it was recorded is a recording with shifted times: correct its time column.",
  });
}
