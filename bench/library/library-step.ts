/**
 * What a training step is made of, on either side of a comparison, and the step compiled.
 */
import { type Compiled, compile, type HostTensor, specOf, type Target, type Tensor } from "@leastaction/tensor";
import { normOf, type Optimiser } from "../workloads/optimiser.ts";
import { type FirstStep, type Named, type Precision, scalar, type TrainingState } from "../workloads/workload.ts";

/** One side: the workload, or the library's form of it. */
export interface Side {
  readonly parameters: Named<HostTensor>;
  readonly optimiser: Optimiser;
  /** What a step is given beside its state; its data are in there, or constants of the program. */
  readonly batch: unknown;
  /** Loss and gradient; traced. */
  readonly slope: (parameters: Named<Tensor>, batch: unknown) => readonly [loss: Tensor, gradient: Named<Tensor>];
}

/** A step that is compiled and loaded. */
export interface LoadedStep {
  /** Puts the state back to the start. */
  readonly load: () => void;
  readonly run: () => void;
}

/** Loss and gradient norm at the start parameters. */
export async function firstStepOf({ parameters, batch, slope }: Side, target: Target): Promise<FirstStep> {
  const measure = (at: Named<Tensor>, given: unknown): { loss: Tensor; gradientNorm: Tensor } => {
    const [loss, gradient] = slope(at, given);
    return { loss, gradientNorm: normOf(gradient) };
  };
  const found = await compile(measure, [specOf(parameters), specOf(batch)], target).call(parameters, batch);
  return { loss: Number(found.loss.data[0]), gradientNorm: Number(found.gradientNorm.data[0]) };
}

/** Loss, gradient and update on a target. */
export function loadedStep(
  { parameters, optimiser, batch, slope }: Side,
  dtype: Precision,
  target: Target,
): LoadedStep {
  const start = { parameters, optimiser: optimiser.start(parameters, dtype), loss: scalar(0, dtype) };
  const step = (state: TrainingState<Tensor>, given: unknown): TrainingState<Tensor> => {
    const [loss, gradient] = slope(state.parameters, given);
    const next = optimiser.update(state.parameters, gradient, state.optimiser);
    return { parameters: next.parameters, optimiser: next.state, loss };
  };
  const compiled: Compiled<TrainingState<Tensor>> = compile(step, [specOf(start), specOf(batch)], target);
  return { load: () => compiled.load(start), run: () => compiled.runSync(batch) };
}
