/**
 * How controls enter a grey box: gains and a bias, per unit inertia.
 *
 * a(u) = sum_i b_i u_i + bias. The parameters are the accelerations that each control makes at its largest magnitude,
 * and the bias, in units of the typical acceleration, so that all are of one order.
 */
import { add, array, at, div, type HostTensor, mul, sum, type Tensor, type TensorLike } from "@leastaction/tensor";
import type { Constant, CoordinateFacts, DatasetFacts } from "./model.ts";

/** Parameters; there are none without controls. */
export interface InputParameters<L extends TensorLike = TensorLike> {
  /** [c]. */
  readonly gains: L;
  /** [1]; left out where a constant push cannot be told from the zero position. */
  readonly bias?: L;
}

/** Rows of the constants: one gain for each control, in units of the data, then the bias. */
export const inputRows: { readonly gain: Constant; readonly bias: Constant } = {
  gain: {
    name: "gain",
    unit: "1/s^2",
    meaning: "acceleration per unit of the input",
    coordinate: 1,
    control: -1,
    rows: "each control",
  },
  bias: {
    name: "bias",
    unit: "1/s^2",
    meaning: "acceleration without input, beside the restoring one",
    coordinate: 1,
    rows: "with controls",
  },
};

/** The parameters to start from: gains in units of typical acceleration, from a regression; null without controls. */
export function initialInput(gains: Float64Array, hasBias: boolean): { readonly input?: InputParameters<HostTensor> } {
  if (gains.length === 0) return {};
  return { input: { gains: array(gains), ...(hasBias ? { bias: array(Float64Array.of(0)) } : {}) } };
}

/** The acceleration by controls [c] and the bias, scalar. */
export function inputAcceleration(
  input: InputParameters | undefined,
  control: Tensor | null,
  facts: DatasetFacts,
): Tensor | null {
  if (input === undefined || control === null) return null;
  const pushed = sum(mul(input.gains, div(control, controlScales(facts))));
  return mul(input.bias === undefined ? pushed : add(pushed, at(input.bias, 0)), typicalAcceleration(facts));
}

/** Gains and bias in SI: scalars, in the order of the rows. */
export function inputConstants(input: InputParameters | undefined, facts: DatasetFacts): readonly Tensor[] {
  if (input === undefined) return [];
  const unit = typicalAcceleration(facts);
  return [
    ...facts.controls.map(({ scale }, i) => mul(at(input.gains, i), unit / scale)),
    ...(input.bias === undefined ? [] : [mul(at(input.bias, 0), unit)]),
  ];
}

/** Largest magnitude of each control, [c]. */
export function controlScales({ controls }: DatasetFacts): HostTensor {
  return array(Float64Array.from(controls, ({ scale }) => scale));
}

/** Controls of a sample in units of their largest magnitudes: columns of a regression. */
export function controlColumns(controls: Float64Array, row: number, facts: DatasetFacts): readonly number[] {
  return facts.controls.map(({ scale }, i) => (controls[row * facts.controls.length + i] as number) / scale);
}

function typicalAcceleration({ coordinates, frequency }: DatasetFacts): number {
  const [{ velocityScale }] = coordinates as readonly [CoordinateFacts];
  return velocityScale * frequency;
}
