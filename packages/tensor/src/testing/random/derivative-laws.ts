/**
 * What must hold of every derivative, each as a question with the answer null, or what is wrong.
 */

import { isFloat } from "../../dtype.ts";
import { add, convert, mul } from "../../ops/elementwise.ts";
import { sum } from "../../ops/reduction.ts";
import type { HostTensor } from "../../pytree.ts";
import { evaluateProgram } from "../../target/reference/evaluate.ts";
import { array, type Tensor } from "../../trace/tensor.ts";
import { numbers } from "../primitive-case.ts";
import { expectedOf } from "./agree.ts";
import { drawsFrom } from "./draw.ts";
import { membersOf, type Verdict } from "./laws.ts";
import { epsilonOf } from "./perturb.ts";
import { type Body, batched, forward, gradients, programOf, weightedSum } from "./sketch.ts";

/** How many inputs in front are floats: derivatives are taken by these. */
function floatsOf(inputs: readonly HostTensor[]): number {
  const other = inputs.findIndex(({ dtype }) => !isFloat(dtype));
  return other < 0 ? inputs.length : other;
}

/** One direction for each of the first `count` inputs. */
function directionsOf(inputs: readonly HostTensor[], count: number): HostTensor[] {
  const draw = drawsFrom(inputs.length);
  return inputs.slice(0, count).map(({ dtype, shape, data }) =>
    array(
      Array.from(data, () => 2 * draw() - 1),
      shape,
      dtype,
    ),
  );
}

const scalarOf =
  (f: Body): Body =>
  (inputs) => [weightedSum(f(inputs))];

/** Forward and reverse mode give the same derivative of the weighted sum of results along a direction. */
export function modesAgree(f: Body, inputs: readonly HostTensor[]): Verdict {
  const count = floatsOf(inputs);
  const directions = directionsOf(inputs, count);
  const all = [...inputs, ...directions];
  const program = programOf(all, (tensors) => {
    const [, ahead] = forward(scalarOf(f), count)(tensors) as [Tensor, Tensor];
    const pulled = gradients(f, count)(tensors.slice(0, inputs.length));
    const products = pulled.map((gradient, i) =>
      sum(convert(mul(gradient, tensors[inputs.length + i] as Tensor), "float64")),
    );
    return [ahead, add(0, ...products)];
  });
  const expected = expectedOf(program, all);
  const [ahead, back] = expected.results.map(({ data }) => data[0] as number) as [number, number];
  const within = (bounds: readonly Float64Array[]): boolean => {
    const allowed = bounds.reduce((total, [bound]) => total + (bound as number), 0);
    return allowed === Infinity || Object.is(ahead, back) || Math.abs(ahead - back) <= allowed;
  };
  if (within(expected.allowed) || within(expected.again())) return null;
  return `reverse mode gives ${back} along a direction, forward mode ${ahead}`;
}

/**
 * The gradient of a sum over a batch is, for what the members have, the gradient of each, for what they share, the sum.
 *
 * @param axes The inputs that members have; by default all but the second.
 */
export function gradientsOfBatchAgree(
  f: Body,
  inputs: readonly HostTensor[],
  axes: readonly boolean[] = inputs.map((_, i) => i !== 1),
): Verdict {
  const count = floatsOf(inputs);
  const { members, batch } = membersOf(inputs, axes);
  const one = programOf(inputs, gradients(f, count));
  const alone = members.map((own) => expectedOf(one, own));
  const together = programOf(batch, gradients(batched(scalarOf(f), axes), count));
  const found = evaluateProgram(together, batch);
  // The weights of the members in the sum over the batch.
  const weights = Array.from(numbers([members.length], 0.5, 1.5).data);
  for (const [i, { data }] of found.entries()) {
    const own = alone.map(({ results, allowed }) => [results[i] as HostTensor, allowed[i] as Float64Array] as const);
    const size = own[0]?.[0].data.length as number;
    for (const [k, value] of data.entries()) {
      const terms = axes[i] === true ? [Math.floor(k / size)] : weights.map((_, m) => m);
      const sumOf = (of: (m: number) => number): number =>
        terms.reduce((total, m) => total + (weights[m] as number) * of(m), 0);
      const expected = sumOf((m) => own[m]?.[0].data[k % size] as number);
      const size1 = sumOf((m) => Math.abs(own[m]?.[0].data[k % size] as number));
      const allowed = sumOf((m) => own[m]?.[1][k % size] as number) + 64 * epsilonOf(inputs[i]?.dtype ?? "") * size1;
      if (allowed === Infinity || Math.abs(value - expected) <= 4 * allowed) continue;
      if (Number.isNaN(value) && Number.isNaN(expected)) continue;
      return `input ${i}, element ${k}: the gradient of a batch is ${value}, of its members ${expected}`;
    }
  }
  return null;
}

/** Of differences of fourth order; not one the half of the other, or both take a steep sawtooth for a gentle slope. */
const steps = [2e-3, 1.3e-3] as const;

/**
 * Forward mode gives what differences give.
 *
 * @param onUnclear Called where those of two step sizes differ: a kink in between, or a wild function. Nothing is wrong then.
 */
export function differencesAgree(f: Body, inputs: readonly HostTensor[], onUnclear?: () => void): Verdict {
  const count = floatsOf(inputs);
  const directions = directionsOf(inputs, count);
  const derivative = programOf([...inputs, ...directions], forward(scalarOf(f), count));
  const [value, found] = evaluateProgram(derivative, [...inputs, ...directions]).map(({ data }) => data[0] as number);
  const program = programOf(inputs, scalarOf(f));
  const at = (s: number): number =>
    evaluateProgram(
      program,
      inputs.map((input, i) => (i < count ? moved(input, directions[i] as HostTensor, s) : input)),
    )[0]?.data[0] as number;
  const [coarse, fine] = steps.map((h) => (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h)) as [
    number,
    number,
  ];
  const scale = Math.max(1, Math.abs(value as number), Math.abs(fine));
  const spread = Math.abs(coarse - fine);
  if (!(spread <= 1e-5 * scale)) {
    onUnclear?.();
    return null;
  }
  const wrong = !(Math.abs((found as number) - fine) <= 10 * spread + 1e-7 * scale);
  return wrong ? `forward mode gives ${found}, differences ${fine}` : null;
}

function moved(x: HostTensor, d: HostTensor, s: number): HostTensor {
  return array(
    Array.from(x.data, (value, i) => value + s * (d.data[i] as number)),
    x.shape,
    x.dtype,
  );
}
