/**
 * One member: one model from one seed, trained on the training use, watched on the selection use.
 *
 * In stages, each going on from the parameters of the one before: derivative matching, then multiple shooting with
 * windows of one, three and six periods, then whole segments. The stage that forecasts the selection data best is kept
 * (early stopping); a stage that diverges is dropped and the last good parameters stay. Models of up to a few hundred
 * parameters are trained by least squares (`least-squares-stages.ts`), larger ones by gradient descent
 * (`gradient-stages.ts`).
 */

import { flatten } from "../model/flat-parameters.ts";
import type { AnyModel, ModelDefinition } from "../model/model.ts";
import { defaultGradientSteps, gradientStages, mostForLeastSquares } from "./gradient-stages.ts";
import { journalOf, unkept } from "./journal.ts";
import { leastSquaresStages } from "./least-squares-stages.ts";
import type { Member, MemberOptions, TrainingRow } from "./member.ts";
import type { Clock } from "./run-control.ts";
import { type Found, runStage, type Stage } from "./stage.ts";

/** Optimiser steps by least squares when none are stated. */
const defaultLeastSquaresSteps = 200;

/** The steps of a member: those asked for, or the default of its way of training. */
export function memberSteps({ steps, model }: Pick<MemberOptions, "steps" | "model">, parameters: unknown): number {
  return steps ?? (isSmall(model, parameters) ? defaultLeastSquaresSteps : defaultGradientSteps);
}

/** Trains one member. */
export async function trainMember(options: MemberOptions): Promise<Member> {
  const { model, seed, facts, samples, clock, judge, name = "member" } = options;
  const journal = options.journal ?? journalOf(unkept, name, clock);
  const time = stopwatch(clock);
  const curve: TrainingRow[] = [];
  const initial = (model as unknown as ModelDefinition<unknown>).init(seed, facts, samples);
  let found: Found = { parameters: initial, delays: options.delays };
  let best = { ...found, select: judge(initial, options.delays), fit: null as Member["fit"] };
  const total = memberSteps(options, initial);
  let [steps, reports] = [0, 0];
  let status: Member["status"] = "finished";
  let divergence: Member["divergence"] = null;
  const row = (stage: string, loss: number, select: number | null): void => {
    curve.push({ model: model.name, seed, stage, step: steps, loss, select });
  };
  row("start", Number.NaN, best.select);
  let share = 0;
  for (const stage of model.trainable === false ? [] : stagesOf(options, initial)) {
    const training = `${name}/${stage.name}`;
    if (clock.over() && journal.ended(training) === null) {
      await journal.between();
      status = "stopped";
      break;
    }
    share += stage.share;
    // A stated number of steps is never exceeded, and what one stage leaves is the next one's.
    const ownSteps = Math.max(1, Math.round(stage.share * total));
    const allowed = options.steps === null ? ownSteps : Math.round(share * total) - steps;
    if (allowed < 1) continue;
    const before = steps;
    const result = await runStage(stage, training, found, allowed, journal, {
      onStep: (step, loss) => {
        const more = before + step - steps;
        steps += more;
        row(stage.name, loss, null);
        reports += 1;
        if (reports > journal.told(name)) options.onStep({ step: steps, more, steps: total, loss });
      },
      seconds: time.seconds,
      onSeconds: time.goOn,
    });
    if (result === null) continue;
    status = Number.isFinite(result.loss) ? result.status : "diverged";
    divergence = result.divergence === null ? null : { stage: stage.name, ...result.divergence };
    // Least squares that cannot begin leaves nothing; windows of another length may do.
    if (!Number.isFinite(result.loss)) continue;
    found = { parameters: result.parameters, delays: result.delays };
    const select = judge(found.parameters, found.delays);
    row(stage.name, result.loss, select);
    // Longer windows see more of the law than a short selection piece does: only a clear loss there stops them. A
    // baseline cannot follow the law on long windows at all and keeps its best.
    if (!(select > (model.kind === "baseline" ? 1 : 2) * best.select)) best = { ...found, select, fit: result.fit };
    if (status === "diverged") break;
  }
  return { model, seed, ...best, curve, steps, seconds: time.seconds(), status, divergence };
}

/** The s that a member takes, over all times that its fit went on. */
function stopwatch({ elapsed }: Clock) {
  let [before, begin] = [0, elapsed()];
  return {
    seconds: (): number => before + elapsed() - begin,
    goOn: (seconds: number): void => {
      [before, begin] = [seconds, elapsed()];
    },
  };
}

function isSmall({ frozen }: AnyModel, parameters: unknown): boolean {
  return flatten(parameters, frozen).length <= mostForLeastSquares;
}

function stagesOf(options: MemberOptions, parameters: unknown): readonly Stage[] {
  return isSmall(options.model, parameters) ? leastSquaresStages(options) : gradientStages(options);
}
