/**
 * A stage of a member's training: what it starts from, what it gives, and how that is kept in the journal of the fit.
 */

import type { SavedState } from "./checkpoint.ts";
import type { Divergence } from "./divergence.ts";
import type { Journal, TrainingCheckpoints } from "./journal.ts";
import type { FitOfConstants } from "./member.ts";
import { readState, type StateReader, savedFloats, savedTree } from "./read-state.ts";

/** What is found so far. */
export interface Found {
  /** A tree of host tensors. */
  readonly parameters: unknown;
  /** [c] how late each control acts, s. */
  readonly delays: readonly number[];
}

/** What a stage gives. */
export interface StageResult extends Found {
  readonly loss: number;
  readonly fit: FitOfConstants | null;
  /** Stopped: out of time, or interrupted. Diverged: the parameters are the last good ones. */
  readonly status: "finished" | "stopped" | "diverged";
  readonly divergence: Divergence | null;
}

/** A stage ready to run. */
export interface Stage {
  readonly name: string;
  /** Share of the member's steps. */
  readonly share: number;
  /** Null when it has nothing to teach. `onStep` is told the steps of this stage so far, and the loss. */
  readonly run: (
    from: Found,
    steps: number,
    onStep: (step: number, loss: number) => void,
    checkpoints: TrainingCheckpoints,
  ) => Promise<StageResult | null>;
  /** The fit of a result that was kept. */
  readonly keptFit: (from: Found, kept: StateReader) => FitOfConstants | null;
}

/** What a stage tells of itself while it runs or is read from the journal. */
export interface StageEvents {
  /** A report, those that the journal holds first. */
  readonly onStep: (step: number, loss: number) => void;
  /** s that the member has taken, and what they were when a state was made. */
  readonly seconds: () => number;
  readonly onSeconds: (seconds: number) => void;
}

/** The result of a stage: from the journal where it has ended before, otherwise of running it, from where it stopped. */
export async function runStage(
  stage: Stage,
  training: string,
  from: Found,
  steps: number,
  journal: Journal,
  events: StageEvents,
): Promise<StageResult | null> {
  const ended = journal.ended(training);
  const checkpoints = journal.checkpoints(training);
  const rows: [step: number, loss: number][] = [];
  for (const state of [ended ?? checkpoints.last ?? []].flat()) rows.push(...tellAgain(readState(state), events));
  if (ended !== null) return keptResult(stage, from, readState(ended));
  const own = (): SavedState => ({
    facts: { seconds: events.seconds() },
    tensors: {
      "rows/steps": savedFloats(rows.map(([step]) => step)),
      "rows/losses": savedFloats(rows.map(([, loss]) => loss)),
    },
  });
  const onStep = (step: number, loss: number): void => {
    rows.push([step, loss]);
    events.onStep(step, loss);
  };
  const offer: TrainingCheckpoints["offer"] = (state) => checkpoints.offer(() => joined(state(), own()));
  const result = await stage.run(from, steps, onStep, { last: checkpoints.last, offer });
  if (result !== null) journal.end(training, joined(keptState(result), own()));
  return result;
}

/** Tells the reports of a state again; gives them. */
function tellAgain(state: StateReader, { onStep, onSeconds }: StageEvents): [number, number][] {
  const losses = state.floats("rows/losses");
  const rows = Array.from(state.floats("rows/steps", losses.length), (step, i): [number, number] => [
    step,
    losses[i] as number,
  ]);
  for (const [step, loss] of rows) onStep(step, loss);
  onSeconds(state.number("seconds"));
  return rows;
}

function keptState({ parameters, delays, loss, fit, status, divergence }: StageResult): SavedState {
  return {
    facts: { status, divergence: JSON.stringify(divergence), ...fit?.ran },
    tensors: {
      ...savedTree("parameters", parameters),
      delays: savedFloats(delays),
      loss: savedFloats([loss]),
      ...(fit === null ? {} : keptSolution(fit.solution)),
    },
  };
}

function keptSolution(solution: FitOfConstants["solution"]): SavedState["tensors"] {
  const { parameters, covariance, standardErrors, residualDeviation } = solution;
  return {
    "solution/parameters": savedFloats(parameters),
    "solution/covariance": savedFloats(covariance),
    "solution/standardErrors": savedFloats(standardErrors),
    "solution/residualDeviation": savedFloats([residualDeviation]),
  };
}

function keptResult(stage: Stage, from: Found, kept: StateReader): StageResult {
  return {
    parameters: kept.tree("parameters", from.parameters),
    delays: [...kept.floats("delays", from.delays.length)],
    loss: kept.floats("loss", 1)[0] as number,
    fit: stage.keptFit(from, kept),
    status: kept.word("status", ["finished", "stopped", "diverged"]),
    divergence: JSON.parse(kept.text("divergence")) as Divergence | null,
  };
}

function joined(first: SavedState, second: SavedState): SavedState {
  return { facts: { ...first.facts, ...second.facts }, tensors: { ...first.tensors, ...second.tensors } };
}
