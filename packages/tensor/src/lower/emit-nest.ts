/**
 * From a nest and its loop plan to statements of the kernel language.
 *
 * Every point is computed in the outermost loop on whose counter it depends. The lane loop is cut into segments: whole
 * unrolled vectors, single vectors, single elements. Sums keep one vector accumulator for each unrolled copy, so that a
 * float32 sum of n runs as lanes * copies chains; they meet in a fixed tree, and the single elements are added last.
 * Chains longer than 128 turns are summed in blocks of 64, and those likewise, so that the error of n turns grows like
 * 64 log(n) / log(64), not like n.
 * Stores of a body come after all of its loads, so that a result may lie over an operand read at the same offset.
 */
import { type Block, createBlock } from "../kernel/block.ts";
import type { Accuracy, LoopVariable, Statement } from "../kernel/kernel.ts";
import { analyse, depthOfForm, type Emission, type Scope } from "./emission.ts";
import { emitPoint, emitStore } from "./emit-point.ts";
import { accumulate, finishReduction, hasFloatSum, startReduction, sumBlock } from "./emit-reduction.ts";
import type { Nest, NestStore, Source } from "./nest.ts";
import type { LoopPlan, Segment } from "./plan-loops.ts";

/** The statements of a nest; `baseOf` gives the address parameter of each thing in memory. */
export function emitNest(
  nest: Nest,
  plan: LoopPlan,
  baseOf: (source: Source) => number,
  accuracy?: Accuracy,
): readonly Statement[] {
  if (nest.domain.some((extent, axis) => extent === 0 && nest.reduced[axis] !== true)) return [];
  const emission = analyse(nest, plan, baseOf);
  const block = createBlock(accuracy);
  emitLevel(emission, { outer: undefined, depth: 0, block, lanes: 1, copies: 1, values: new Map() });
  return block.statements;
}

/** Everything from `scope.depth` open loops inward. */
function emitLevel(emission: Emission, scope: Scope): void {
  const { plan, nest } = emission;
  for (const point of emission.levels[scope.depth] ?? []) emitPoint(emission, scope, point);
  const reductions = emission.late.filter((point) => point.kind === "reduce");
  if (scope.depth === plan.kept) for (const point of reductions) startReduction(emission, scope, point);
  if (scope.depth < plan.loops.length) openLoop(emission, scope);
  else for (const point of reductions) accumulate(emission, scope, point);
  for (const store of nest.stores) {
    if (!emission.lateSet.has(store.point) && storeDepth(emission, store) === scope.depth)
      emitStore(emission, scope, store);
  }
  if (scope.depth !== plan.kept) return;
  for (const point of emission.late) {
    if (point.kind === "reduce") finishReduction(emission, scope, point);
    else emitPoint(emission, scope, point);
  }
  for (const store of nest.stores) if (emission.lateSet.has(store.point)) emitStore(emission, scope, store);
}

/** Stores that repeat or accumulate run in every loop; others as far out as their value and place allow. */
function storeDepth({ plan, depths }: Emission, { point, offset, accumulate }: NestStore): number {
  if (accumulate === true) return plan.loops.length;
  return Math.max(depthOfForm(plan, offset), depths.get(point) ?? 0);
}

function openLoop(emission: Emission, scope: Scope): void {
  const { plan } = emission;
  const { extent } = plan.loops[scope.depth] as { extent: number };
  const name = `i${scope.depth}`;
  if (scope.depth === plan.vector) for (const segment of plan.segments) openSegment(emission, scope, name, segment);
  else openSegment(emission, scope, name, { from: 0, to: extent, lanes: 1, copies: 1 });
}

/** Longest chain of additions of a float sum, in turns of its innermost loop; longer ones are summed block by block. */
const longestChain = 64;

function openSegment(emission: Emission, scope: Scope, name: string, { from, to, lanes, copies }: Segment): void {
  const isVector = scope.depth === emission.plan.vector;
  const width = isVector ? { lanes, copies } : { lanes: scope.lanes, copies: scope.copies };
  const write = (block: Block, counters: readonly LoopVariable[]): void => {
    emission.counters[scope.depth] = counters;
    emitLevel(emission, { outer: scope, depth: scope.depth + 1, block, ...width, values: new Map() });
  };
  const isSum = scope.depth === emission.plan.loops.length - 1 && hasFloatSum(emission);
  openBlocks(emission, isSum, { name, step: lanes * copies, write }, { block: scope.block, from, to, counters: [] });
}

/** A loop to be written: `write` gets the counters that add up to the place. */
interface Turns {
  readonly name: string;
  readonly step: number;
  readonly write: (block: Block, counters: readonly LoopVariable[]) => void;
}

/** Where a loop stands, and which part of it runs there. */
interface Stretch {
  readonly block: Block;
  readonly from: number;
  readonly to: number;
  /** Of the loops over blocks around it. */
  readonly counters: readonly LoopVariable[];
}

/** A loop. That of a long sum is one over blocks of 64 blocks …, so that its error grows with the logarithm of its length. */
function openBlocks(emission: Emission, isSum: boolean, turns: Turns, { block, from, to, counters }: Stretch): void {
  if (from >= to) return;
  const { name, step, write } = turns;
  let size = longestChain * step;
  if (!isSum || to - from <= 2 * size) {
    block.loop(name, from, to, step, (body, counter) => {
      write(body, [...counters, counter]);
    });
    return;
  }
  while (to - from > 2 * size * longestChain) size *= longestChain;
  const blocked = from + Math.floor((to - from) / size) * size;
  block.loop(`${name}${"b".repeat(counters.length + 1)}`, from, blocked, size, (body, outer) => {
    sumBlock(emission, body, () => {
      openBlocks(emission, isSum, turns, { block: body, from: 0, to: size, counters: [...counters, outer] });
    });
  });
  openBlocks(emission, isSum, turns, { block, from: blocked, to, counters });
}
