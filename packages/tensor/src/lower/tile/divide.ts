/**
 * Into how many loops the tiles of a batch are divided, so that they can run on several threads.
 *
 * The program decides it, never the number of threads: each loop adds up its own sums, these are added in one order, and
 * the bits are the same whoever ran what. What that costs is memory and one more addition for each loop, so large sums of
 * little work are divided into few loops or not at all.
 */
import type { Program, Variable } from "../../program/program.ts";
import { sizeOf } from "../../shape.ts";
import type { Choice } from "./choose-tile.ts";
import type { Cut } from "./layout.ts";

/** Loops at most: each has sums of its own. */
const mostChunks = 32;
/** Simple operations that take as long as clearing, writing and adding one number of a sum that has left the caches. */
const costOfNumber = 128;
/** The part of the work that dividing it may cost. */
const mostLoss = 1 / 20;

/**
 * The cut with its tiles divided, and some more of them where no number of loops divides them; or as it is, where there is
 * less work than `leastWork`.
 */
export function divide(program: Program, choice: Choice, cut: Cut, leastWork: number): Cut {
  const { work } = choice.regions;
  if (work < leastWork) return cut;
  const affordable = Math.floor((work * mostLoss) / (costOfNumber * (numbersCarried(program, choice, cut) + 1)));
  const most = Math.min(mostChunks, cut.tiles, affordable);
  let best = { chunks: 1, loss: Number.POSITIVE_INFINITY };
  for (let chunks = Math.min(4, most); chunks <= most; chunks++) {
    const loss = lossOf(cut.tiles, chunks);
    if (chunks > 1 && loss < best.loss) best = { chunks, loss };
  }
  const { chunks } = best;
  return chunks === 1 ? cut : { ...cut, chunks, tiles: chunks * Math.ceil(cut.tiles / chunks) };
}

/** Time on two, four and eight threads beside what it would be if all were busy to the end; few loops count as a loss too. */
function lossOf(tiles: number, chunks: number): number {
  const filled = (chunks * Math.ceil(tiles / chunks)) / tiles;
  const busy = [2, 4, 8].map((threads) => (Math.ceil(chunks / threads) * threads) / chunks);
  return (filled * busy.reduce((sum, each) => sum + each, 0)) / busy.length + 0.1 / chunks;
}

/** Numbers of the sums that leave the regions. */
function numbersCarried({ equations, outputs }: Program, { regions }: Choice, { lanes }: Cut): number {
  const read = new Set<Variable>(outputs.filter((output) => output.kind === "variable"));
  for (const equation of equations) {
    if (regions.region.has(equation)) continue;
    for (const input of equation.inputs) if (input.kind === "variable") read.add(input);
  }
  return [...read].reduce((total, variable) => {
    const form = regions.sums.get(variable);
    return form === undefined ? total : total + sizeOf(variable.type.shape) * (form === "reduced" ? 1 : lanes);
  }, 0);
}
