/** How controls act, in words: what was assumed of them, printed before training and with every forecast. */
import type { ControlAxis, Dataset } from "./dataset.ts";
import { fromSi } from "./unit.ts";

/** One line for each control: between its samples, how late, and past the end. */
export function describeControls({ controls, time }: Pick<Dataset, "controls" | "time">): readonly string[] {
  return controls.map(({ name, hold, delay }: ControlAxis) => {
    const between = hold === "zero" ? "each value held to the next" : "straight lines between values";
    const late =
      delay === "fit"
        ? "a delay that is fitted"
        : delay === 0
          ? "no delay"
          : `a delay of ${String(Number(fromSi(time.unit, delay).toPrecision(4)))} ${time.unit.symbol}`;
    return `control ${name}: ${between}, ${late}, the last value held past the end`;
  });
}
