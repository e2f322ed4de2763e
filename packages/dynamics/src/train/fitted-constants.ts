/**
 * The constants of a grey box in the user's units with their 95 % intervals, and the delays that were fitted.
 *
 * The intervals of the fit (`half-width.ts`) go through the derivative of the constants (delta method).
 */
import { array, compile, type HostTensor, jacobianForward, type Target, type Tensor } from "@leastaction/tensor";
import type { Axis } from "../data/dataset.ts";
import { fromSi } from "../data/unit.ts";
import { constantRows } from "../model/constant-rows.ts";
import { flatten, unflatten } from "../model/flat-parameters.ts";
import type { AnyModel, ModelDefinition } from "../model/model.ts";
import type { FittedConstant, ModelRecord } from "../model/model-record.ts";
import { halfWidths } from "./half-width.ts";
import type { Member } from "./member.ts";
import type { FittedDelays } from "./shooting.ts";

/**
 * The constants of a member in the user's units, then the delays that were fitted.
 * @param record its axes
 */
export function fittedConstants(
  member: Member,
  record: Pick<ModelRecord, "coordinates" | "controls" | "time" | "facts">,
  fitted: FittedDelays,
  target: Target,
): readonly FittedConstant[] {
  const count = flatten(member.parameters, member.model.frozen).length;
  const halfWidth = member.fit === null ? () => null : halfWidths(member.fit);
  const delays = fitted.controls.map((control, i): FittedConstant => {
    const { name } = record.controls[control] as Axis;
    const { unit } = record.time;
    const slope = new Float64Array(count + fitted.controls.length);
    slope[count + i] = fromSi(unit, 1);
    const value = fromSi(unit, member.delays[control] as number);
    return {
      name: `delay ${name}`,
      value,
      halfWidth: halfWidth(slope),
      unit: unit.symbol,
      meaning: "how late it acts",
    };
  });
  return [...modelConstants(member, record, fitted.controls.length, halfWidth, target), ...delays];
}

/** The constants of the model itself; `delays` unknowns follow its parameters. */
function modelConstants(
  { model, parameters: structure }: Member,
  { coordinates, controls, facts }: Pick<ModelRecord, "coordinates" | "controls" | "facts">,
  delays: number,
  halfWidth: (slope: Float64Array) => number | null,
  target: Target,
): readonly FittedConstant[] {
  const { constants, constantsOf, frozen } = model as unknown as ModelDefinition<unknown>;
  if (constants === undefined || constantsOf === undefined) return [];
  const theta = flatten(structure, frozen);
  const values = (vector: Tensor): Tensor => constantsOf(unflatten(structure, vector, frozen), facts);
  const found = compile(
    ((vector: Tensor) => ({ values: values(vector), slopes: jacobianForward(values)(vector) })) as never,
    [array(theta)],
    target,
  ).callSync(array(theta)) as unknown as { values: HostTensor; slopes: HostTensor };
  return constantRows(constants, coordinates, controls).map(({ name, unit, meaning, factor }, row) => {
    const slope = new Float64Array(theta.length + delays);
    for (let i = 0; i < theta.length; i++) slope[i] = factor * (found.slopes.data[row * theta.length + i] as number);
    return { name, value: factor * (found.values.data[row] as number), halfWidth: halfWidth(slope), unit, meaning };
  });
}

/** Whether a model has constants to print. */
export function hasConstants(model: AnyModel): boolean {
  return model.constants !== undefined;
}
