/**
 * The constants of a grey box in the user's units with their 95 % intervals, and the delays that were fitted.
 *
 * The covariance of the fit goes through the derivative of the constants (delta method). Residuals of a rollout are
 * smooth in time, so they count for less than their number: the variance is inflated by their integrated
 * autocorrelation, summed up to its first zero.
 */
import { array, compile, type HostTensor, jacobianForward, type Target, type Tensor } from "@leastaction/tensor";
import type { Axis } from "../data/dataset.ts";
import { fromSi } from "../data/unit.ts";
import { constantRows } from "../model/constant-rows.ts";
import { flatten, unflatten } from "../model/flat-parameters.ts";
import type { AnyModel, ModelDefinition } from "../model/model.ts";
import type { FittedConstant, ModelRecord } from "../model/model-record.ts";
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
  const covariance = sharedCovariance(member, count + fitted.controls.length);
  const halfWidth = (slope: Float64Array): number | null => {
    const variance = covariance === null ? Number.NaN : quadraticForm(covariance, slope);
    return Number.isFinite(variance) ? 1.96 * Math.sqrt(Math.max(0, variance)) : null;
  };
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
  return constantRows(constants, coordinates[0] as Axis, controls).map(({ name, unit, meaning, factor }, row) => {
    const slope = new Float64Array(theta.length + delays);
    for (let i = 0; i < theta.length; i++) slope[i] = factor * (found.slopes.data[row * theta.length + i] as number);
    return { name, value: factor * (found.values.data[row] as number), halfWidth: halfWidth(slope), unit, meaning };
  });
}

/** The covariance of parameters and fitted delays, `count` of them. */
function sharedCovariance({ fit }: Member, count: number): Float64Array | null {
  if (fit === null) return null;
  const { problem, solution } = fit;
  const n = solution.parameters.length;
  const residuals = Float64Array.from(problem.residuals(solution.parameters)).subarray(0, problem.dataCount);
  const inflation = integratedAutocorrelation(residuals);
  const covariance = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    const unknown = !Number.isFinite(solution.standardErrors[i] as number);
    for (let j = 0; j < count; j++) {
      covariance[i * count + j] = unknown ? Number.NaN : inflation * (solution.covariance[i * n + j] as number);
    }
  }
  return covariance;
}

/** 1 + 2 sum of autocorrelations up to the first that is not positive, at least 1. */
function integratedAutocorrelation(values: Float64Array): number {
  const power = values.reduce((sum, value) => sum + value * value, 0);
  let total = 1;
  for (let lag = 1; lag < values.length / 4 && power > 0; lag++) {
    let product = 0;
    for (let i = lag; i < values.length; i++) product += (values[i] as number) * (values[i - lag] as number);
    if (product <= 0) break;
    total += (2 * product) / power;
  }
  return total;
}

function quadraticForm(matrix: Float64Array, vector: Float64Array): number {
  const n = vector.length;
  let total = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) total += (vector[i] as number) * (matrix[i * n + j] as number) * (vector[j] as number);
  }
  return total;
}

/** Whether a model has constants to print. */
export function hasConstants(model: AnyModel): boolean {
  return model.constants !== undefined;
}
