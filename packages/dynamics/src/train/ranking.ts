/**
 * Which model is best: by the median over its seeds of the rollout error on the selection data. Errors within a factor
 * of two of the best cannot be told apart on a few pieces; among those the law with less freedom is first.
 */
import type { AnyModel } from "../model/model.ts";
import type { RankingRow, RunMember } from "./run.ts";

/** The ranking of models by their members. */
export function rankingOf(models: readonly AnyModel[], members: readonly RunMember[]): readonly RankingRow[] {
  const rows = models.map(({ name, kind }): RankingRow => {
    const own = members.filter((member) => member.name === name);
    const best = bestOf(own);
    return {
      model: name,
      kind,
      seeds: own.map(({ seed }) => seed),
      selects: own.map(({ select }) => select),
      select: median(own.map(({ select }) => select)),
      test: best.test,
      horizon: best.horizon,
      seconds: own.reduce((sum, { seconds }) => sum + seconds, 0),
    };
  });
  const best = Math.min(...rows.map(({ select }) => select));
  const group = ({ model, select }: RankingRow): number =>
    select <= indistinguishable * best ? freedom(models.find(({ name }) => name === model)) : 10;
  return rows.sort((a, b) => group(a) - group(b) || a.select - b.select);
}

/** Errors within this factor of the best cannot be told apart on a few pieces; then the law with less freedom is first. */
const indistinguishable = 2;

/** Less is more: baselines, grey boxes, equations found in the data, networks that promise a structure, free networks. */
function freedom(model: AnyModel | undefined): number {
  if (model === undefined || model.kind === "baseline") return 0;
  if (model.kind === "grey-box") return model.equations === undefined ? 1 : 2;
  return model.promises.length > 0 ? 3 : 4;
}

/** The member that `fit` returns as its model: the best seed of the first model. */
export function winnerOf([first]: readonly RankingRow[], members: readonly RunMember[]): RunMember {
  return bestOf(members.filter(({ name }) => name === first?.model));
}

function bestOf(members: readonly RunMember[]): RunMember {
  return members.reduce((best, member) => (member.select < best.select ? member : best));
}

/** The median of at least one number. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}
