/**
 * The constants of a grey box on one data set: which rows there are, and what turns SI into the user's units.
 */

import type { Axis } from "../data/dataset.ts";
import { fromSi } from "../data/unit.ts";
import { hostMath } from "../host-math/host-math.ts";
import type { Constant } from "./model.ts";

/** One constant of a fit. */
export interface ConstantRow {
  readonly name: string;
  readonly unit: string;
  readonly meaning: string;
  /** Value in the user's units = value in SI times this. */
  readonly factor: number;
}

/** The rows of constants on data with these axes, in the order of `constantsOf`. */
export function constantRows(
  constants: readonly Constant[],
  coordinates: readonly Axis[],
  controls: readonly Axis[],
): readonly ConstantRow[] {
  return constants.flatMap((constant): readonly ConstantRow[] => {
    const { name, meaning, rows } = constant;
    if (rows === "with controls" && controls.length === 0) return [];
    const given = rows === "each control" ? controls : [null];
    const coordinate = coordinates[constant.of ?? 0] as Axis;
    return given.map((control) => ({
      name: control === null ? name : `${name} ${control.name}`,
      unit: constantUnit(constant, coordinate.unit.symbol, control?.unit.symbol ?? ""),
      meaning,
      factor:
        hostMath.power(fromSi(coordinate.unit, 1), constant.coordinate ?? 0) *
        (control === null ? 1 : hostMath.power(fromSi(control.unit, 1), constant.control ?? 0)),
    }));
  });
}

/** The unit of a constant: `1/s^2` with a coordinate in deg and a control in V gives `deg/(s^2 V)`. */
export function constantUnit(constant: Constant, coordinate: string, control: string): string {
  const [above, below] = constant.unit.split("/") as [string, string | undefined];
  const numerator = above === "1" || above === "" ? [] : [above];
  const denominator = below === undefined ? [] : [below];
  for (const [symbol, power = 0] of [
    [coordinate, constant.coordinate],
    [control, constant.control],
  ] as const) {
    if (symbol === "" || power === 0) continue;
    (power > 0 ? numerator : denominator).push(Math.abs(power) === 1 ? symbol : `${symbol}^${Math.abs(power)}`);
  }
  const top = numerator.join(" ");
  if (denominator.length === 0) return top;
  const bottom = denominator.length === 1 ? denominator[0] : `(${denominator.join(" ")})`;
  return `${top === "" ? "1" : top}/${bottom}`;
}
