/**
 * The states of a solution by the method of its adjoint: the one door from `solve` to gradients other than the replay.
 */
import {
  add,
  broadcastTo,
  concatenate,
  convert,
  expandDimensions,
  full,
  iota,
  isLeaf,
  leavesOf,
  less,
  lessEqual,
  mul,
  reshape,
  select,
  sum,
  type Tensor,
  type TensorLike,
} from "@leastaction/tensor";
import { mapTensors, zipTensors } from "../../nn/tensor-tree.ts";
import type { ReversibleSolver } from "../../solver/reversible.ts";
import type { Solver } from "../../solver/solver.ts";
import { tsit5 } from "../../solver/tsit5.ts";
import type { Tolerances } from "../../step-size/error-norm.ts";
import { pid } from "../../step-size/pid.ts";
import type { StepSize } from "../../step-size/step-size.ts";
import { adaptiveSteps } from "../adaptive-steps.ts";
import { constant } from "../constant.ts";
import { startingOnlyFor } from "../failed-member.ts";
import { fixedSteps } from "../fixed-steps.ts";
import { oneSided } from "../one-sided.ts";
import type { SaveAt } from "../options.ts";
import type { Problem } from "../problem.ts";
import type { SavedStates } from "../saved-states.ts";
import type { ForwardPhase, StepRecord } from "../step-record.ts";
import { stopsOf } from "../stops.ts";
import { hostNumber, hostTimes, type Times, timesTensor } from "../times.ts";
import type { AdjointRecord, ContinuousAdjoint } from "./adjoint.ts";
import { pulledBack } from "./backward.ts";
import { checkpointed } from "./checkpointed.ts";
import { flow } from "./flow.ts";
import type { Plan } from "./flow-types.ts";
import { forwardly } from "./forward.ts";
import type { Keeping, Phase, Settings } from "./phase.ts";
import type { Reading } from "./reading.ts";
import { type Reads, readsOf } from "./reads.ts";
import { reversibly } from "./reversible.ts";
import { keepsRecord } from "./with-adjoint.ts";

/** How the solution was integrated, and what of it is wanted. */
export interface Integration {
  readonly t1: TensorLike;
  readonly stepSize?: StepSize | undefined;
  readonly tolerances: Tolerances;
  readonly dt0?: TensorLike | undefined;
  readonly maxSteps?: number | undefined;
  readonly stopTimes: readonly Times[];
  /** Whether the field may jump at them. */
  readonly jump: boolean;
  readonly saveAt?: SaveAt | undefined;
}

/** The end and the saved states. `adjoint` is none of `replay`, `none` and `auto`. */
export function readSolution<Y>(
  adjoint: AdjointRecord,
  problem: Problem<Y>,
  forward: ForwardPhase<Y>,
  given: Integration,
): SavedStates<Y> & { readonly y: Y } {
  const { record } = forward;
  const wanted = wantedTimes(record, given.saveAt);
  const { y, states } =
    adjoint.kind === "backsolve" || adjoint.kind === "interpolating"
      ? continuous(adjoint, problem, forward, given, wanted)
      : discrete(adjoint, problem, record, wanted);
  if (wanted === null || states === null) {
    const only = mapTensors((leaf) => expandDimensions(leaf, 0), y);
    return { y, times: expandDimensions(record.end, 0), states: only, count: full([], 1, "int32") };
  }
  const atSteps = given.saveAt !== undefined && "steps" in given.saveAt;
  return {
    y,
    times: wanted.times,
    states: atSteps ? endingWith(y, states, record) : states,
    count: countOf(problem, record, given.saveAt, wanted.times),
  };
}

/** The end is the last step's own result, not that of its polynomial. */
function endingWith<Y>(y: Y, states: Y, { count, slots }: StepRecord): Y {
  const taken = less(iota([slots + 1]), count);
  return zipTensors(
    (series, end) => {
      const mask = reshape(taken, [slots + 1, ...end.shape.map(() => 1)]);
      return select(mask, series, broadcastTo(expandDimensions(end, 0), series.shape));
    },
    states,
    y,
  );
}

/**
 * What the forward phase is to keep: the steps, where they are read or taken again; else the states at the times.
 *
 * @param dense whether states are wanted besides that at the end
 */
export function keepingFor<Y>(
  adjoint: AdjointRecord,
  { direction }: Problem<Y>,
  { stepSize, saveAt, t1 }: Pick<Integration, "stepSize" | "saveAt" | "t1">,
  dense: boolean,
): Keeping {
  const onTheWay = adjoint.kind === "backsolve" && stepSize?.kind !== "constant";
  if (!onTheWay || saveAt === undefined || "steps" in saveAt) {
    return { record: dense || keepsRecord(adjoint), reads: null };
  }
  const { signed } = readsOf(direction, timesTensor(saveAt.times), hostTimes(saveAt.times) !== null);
  return { record: false, reads: { signed, endsAtLast: endsAtLast(saveAt, t1) } };
}

/** Whether the last of the times is known to be t1; times that are known are in order. */
function endsAtLast(saveAt: SaveAt | undefined, t1: TensorLike): boolean {
  if (saveAt === undefined || "steps" in saveAt) return false;
  const last = hostTimes(saveAt.times)?.at(-1);
  return last !== undefined && last === hostNumber(t1);
}

interface Wanted {
  /** Float64 [n]. */
  readonly times: Tensor;
  /** Whether they are known to follow the direction of the integration. */
  readonly ordered: boolean;
}

/** The times of the steps are times like others, which are constants. */
function wantedTimes({ starts, end, count, slots }: StepRecord, saveAt: SaveAt | undefined): Wanted | null {
  if (saveAt === undefined) return null;
  if ("times" in saveAt) return { times: timesTensor(saveAt.times), ordered: hostTimes(saveAt.times) !== null };
  const taken = less(iota([slots + 1]), count);
  const last = expandDimensions(end, 0);
  return { times: constant(select(taken, concatenate([starts, last]), last)), ordered: true };
}

function countOf<Y>(
  { direction }: Problem<Y>,
  { count, end }: StepRecord,
  saveAt: SaveAt | undefined,
  times: Tensor,
): Tensor {
  if (saveAt !== undefined && "steps" in saveAt) return add(count, 1);
  return sum(convert(lessEqual(mul(times, direction), mul(end, direction)), "int32"));
}

function discrete<Y>(
  { kind }: AdjointRecord,
  problem: Problem<Y>,
  record: StepRecord,
  wanted: Wanted | null,
): Reading<Y> {
  const reads: Reads | null = wanted === null ? null : readsOf(problem.direction, wanted.times, wanted.ordered);
  if (kind === "reversible") return reversibly(problem, problem.solver as ReversibleSolver, record, reads);
  if (kind === "forward") return forwardly(problem, record, reads);
  return checkpointed({ ...problem, solver: startingOnlyFor(problem.solver, record) }, record, reads);
}

function continuous<Y>(
  adjoint: ContinuousAdjoint,
  problem: Problem<Y>,
  forward: ForwardPhase<Y>,
  given: Integration,
  wanted: Wanted | null,
): Reading<Y> {
  const { tolerances, dt0, stopTimes, maxSteps, stepSize = pid() } = given;
  const { rtol, atol } = tolerances;
  const equal = stepSize.kind === "constant";
  const settings: Settings = {
    rtol,
    atol,
    dt0: equal ? (dt0 ?? null) : null,
    stopTimes,
    // The variational equation may need more steps than the solution.
    maxSteps: equal ? forward.record.slots + 1 : 4 * (maxSteps ?? 1024),
  };
  const plan: Plan = {
    phase: phaseOf(stepSize),
    solver: solverFor(adjoint, problem.solver, given.jump),
    settings,
    backward: {
      ...settings,
      rtol: adjoint.rtol ?? rtol,
      atol: adjoint.atol ?? least(atol),
      maxSteps: adjoint.maxSteps ?? (equal ? settings.maxSteps : 65_536),
    },
    pull: pulledBack,
    keepsSteps: adjoint.kind === "interpolating",
    ordered: wanted?.ordered ?? true,
    endsAtLast: endsAtLast(given.saveAt, given.t1),
  };
  const { y, states } = flow(problem, wanted === null ? [] : [wanted.times], plan, forward);
  return { y, states: states[0] ?? null };
}

/** Equations of derivatives are of no special form. */
function solverFor({ solver }: ContinuousAdjoint, own: Solver, jump: boolean): Solver {
  const form = own.structure?.field ?? "any";
  if (solver === undefined && form === "any") return own;
  return jump ? oneSided(solver ?? tsit5) : (solver ?? tsit5);
}

/** Integrations for derivatives go as the solution went. */
function phaseOf(stepSize: StepSize): Phase {
  return (problem, { rtol, atol, dt0, stopTimes, maxSteps }, keeping) => {
    const stops = stopsOf(problem, stopTimes);
    if (stepSize.kind === "constant") {
      const { t0, t1 } = problem;
      return fixedSteps(problem, { t0, t1, dt0: dt0 ?? undefined, maxSteps, stopTimes }, stops);
    }
    const tolerances = { rtol, atol };
    return adaptiveSteps(problem, { control: stepSize, tolerances, dt0: undefined, maxSteps, stops, ...keeping });
  };
}

/** One absolute tolerance for the adjoint equation. */
function least(atol: unknown): TensorLike {
  if (isLeaf(atol)) return atol as TensorLike;
  const known = leavesOf(atol).map((leaf) => hostNumber(leaf as TensorLike) ?? Infinity);
  const smallest = Math.min(...known);
  return Number.isFinite(smallest) ? smallest : 1e-9;
}
