/**
 * What a workload is, and how one training step is made of it: loss, gradient, update, the state staying inside.
 *
 * A workload gives start parameters and a loss; everything else is common. Data are made in float64, rounded once to the
 * element type of the run, and closed over by the loss, so that they are constants of the program.
 */
import {
  type Compiled,
  compile,
  type HostTensor,
  specOf,
  type Target,
  type Tensor,
  valueAndGrad,
} from "@leastaction/tensor";
import { normOf, type Optimiser, type OptimiserState } from "./optimiser.ts";

/** The element types that workloads run in. */
export type Precision = "float32" | "float64";

/** Named tensors. */
export type Named<Leaf> = Readonly<Record<string, Leaf>>;

/** One training problem at one precision. */
export interface Problem {
  /** Start parameters, in the order of declaration. */
  readonly parameters: Named<HostTensor>;
  /** Parameters to the loss, a scalar. */
  readonly loss: (parameters: Named<Tensor>) => Tensor;
}

/** A workload: see `reference/ID.json` for every detail of its definition. */
export interface Workload {
  readonly id: string;
  /** Steps from the start parameters that make one round. */
  readonly steps: number;
  readonly optimiser: Optimiser;
  /** The element type that is measured; default float32. */
  readonly precision?: Precision;
  readonly problem: (dtype: Precision) => Problem;
}

/** Loss and gradient norm at the start parameters. */
export interface FirstStep {
  readonly loss: number;
  readonly gradientNorm: number;
}

/** What stays inside between steps. */
export interface TrainingState<Leaf> {
  readonly parameters: Named<Leaf>;
  readonly optimiser: OptimiserState<Leaf>;
  /** Loss of the last step. */
  readonly loss: Leaf;
}

/** A step that is compiled, with the state it starts from. */
export interface CompiledStep {
  readonly compiled: Compiled<TrainingState<Tensor>>;
  readonly start: TrainingState<HostTensor>;
}

/** The training step of a workload on a target, not yet loaded or run; its data are made here unless they are given. */
export function compileStep(
  workload: Workload,
  dtype: Precision,
  target: Target,
  { parameters, loss }: Problem = workload.problem(dtype),
): CompiledStep {
  const { optimiser } = workload;
  const start = { parameters, optimiser: optimiser.start(parameters, dtype), loss: scalar(0, dtype) };
  const step = (state: TrainingState<Tensor>): TrainingState<Tensor> => {
    const [value, gradient] = valueAndGrad(loss)(state.parameters);
    const next = optimiser.update(state.parameters, gradient, state.optimiser);
    return { parameters: next.parameters, optimiser: next.state, loss: value };
  };
  return { compiled: compile(step, [specOf(start)], target), start };
}

/** Loss and gradient norm (of the loss alone) at the start parameters. */
export async function firstStep(workload: Workload, dtype: Precision, target: Target): Promise<FirstStep> {
  const { parameters, loss } = workload.problem(dtype);
  const measure = (at: Named<Tensor>): { loss: Tensor; gradientNorm: Tensor } => {
    const [value, gradient] = valueAndGrad(loss)(at);
    return { loss: value, gradientNorm: normOf(gradient) };
  };
  const found = await compile(measure, [specOf(parameters)], target).call(parameters);
  return { loss: Number(found.loss.data[0]), gradientNorm: Number(found.gradientNorm.data[0]) };
}

/** A host scalar. */
export function scalar(value: number, dtype: Precision): HostTensor {
  return tensorOf([value], [], dtype);
}

/** A host tensor of numbers rounded to `dtype`. */
export function tensorOf(values: readonly number[], shape: readonly number[], dtype: Precision): HostTensor {
  return { dtype, shape, data: dtype === "float32" ? Float32Array.from(values) : Float64Array.from(values) };
}
