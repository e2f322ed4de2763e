/**
 * The constants of a grey box in SI with their 95 % intervals.
 *
 * The covariance of the fit goes through the derivative of the constants (delta method). Residuals of a rollout are
 * smooth in time, so they count for less than their number: the variance is inflated by their integrated
 * autocorrelation, summed up to its first zero.
 */
import { array, compile, type HostTensor, jacobianForward, type Target, type Tensor } from "@leastaction/tensor";
import { flatten, unflatten } from "../model/flat-parameters.ts";
import type { AnyModel, DatasetFacts, ModelDefinition } from "../model/model.ts";
import type { FittedConstant } from "../model/model-record.ts";
import type { Member } from "./member.ts";

/** The constants of a member; none for models without. */
export function fittedConstants(member: Member, facts: DatasetFacts, target: Target): readonly FittedConstant[] {
  const { constants, constantsOf, frozen } = member.model as unknown as ModelDefinition<unknown>;
  if (constants === undefined || constantsOf === undefined) return [];
  const structure = member.parameters;
  const theta = flatten(structure, frozen);
  const values = (vector: Tensor): Tensor => constantsOf(unflatten(structure, vector, frozen), facts);
  const found = compile(
    ((vector: Tensor) => ({ values: values(vector), slopes: jacobianForward(values)(vector) })) as never,
    [array(theta)],
    target,
  ).callSync(array(theta)) as unknown as { values: HostTensor; slopes: HostTensor };
  const covariance = parameterCovariance(member, theta.length);
  return constants.map(({ name, unit, meaning }, row) => {
    const slope = found.slopes.data.subarray(row * theta.length, (row + 1) * theta.length) as Float64Array;
    const variance = covariance === null ? Number.NaN : quadraticForm(covariance, slope);
    const halfWidth = Number.isFinite(variance) ? 1.96 * Math.sqrt(Math.max(0, variance)) : null;
    return { name, value: found.values.data[row] as number, halfWidth, unit, meaning };
  });
}

function parameterCovariance({ fit }: Member, count: number): Float64Array | null {
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
