/**
 * How a batch is cut: which class of axes is the batch, and how many samples make a tile.
 */
import type { TargetTraits } from "../../kernel/kernel.ts";
import type { Program, Variable } from "../../program/program.ts";
import { tensorBytes } from "../element-bytes.ts";
import { laneWidths } from "../plan-loops.ts";
import { axisClasses } from "./axis-classes.ts";
import { type Batch, batchOf } from "./batch.ts";
import { candidatesIn } from "./candidates.ts";
import type { Cut } from "./layout.ts";
import { findRegions, type Regions } from "./regions.ts";

/** The batch of a program and what can run by tiles of it. */
export interface Choice {
  readonly batch: Batch;
  readonly regions: Regions;
}

/** Below this many simple operations a loop over tiles is not worth its code. */
const leastWork = 1 << 14;
/** A region of fewer equations that are no views has no intermediate tensors worth keeping in cache. */
const fewestEquations = 6;
/** Bytes of the largest tensor without samples that tiles of the usual size, and of twice that, may read again and again. */
const [smallWeights, largeWeights] = [1 << 18, 1 << 21];

/** Samples of a tile may have samples of their own (points of a trajectory), fewer than there are tiles. */
const fewestInner = 4;
/** Bytes of the largest tensor of a loop's body beyond which it is cut (again): smaller ones stay near the processor. */
const largeTensor = 1 << 15;

/** The samples within a tile's samples over which its body is to run one by one, if its tensors are too large. */
export function chooseInner(body: Program, lanes: readonly Variable[]): Choice | undefined {
  return isLarge(body) ? chooseBatch(body, fewestInner, lanes) : undefined;
}

/** The batch of the body of a loop that cannot run inside a tile, if its tensors are too large. */
export function chooseInLoop(body: Program, leastExtent: number): Choice | undefined {
  return isLarge(body) ? chooseBatch(body, leastExtent) : undefined;
}

function isLarge({ equations }: Program): boolean {
  return equations.some(({ outputs }) => outputs.some((output) => tensorBytes(output) > largeTensor));
}

/**
 * The class of axes of which tiles carry the most work, if that is most of the program's. No class with the last axis of
 * one of `lanes`.
 */
export function chooseBatch(
  program: Program,
  leastExtent: number,
  lanes: readonly Variable[] = [],
): Choice | undefined {
  let best: Choice | undefined;
  // Those that may have the most work first: few others are then worth a search.
  const candidates = [...candidatesIn(program, axisClasses(program, leastExtent), leastExtent)];
  candidates.sort((a, b) => b.mostWork - a.mostWork);
  for (const { axes, mostWork, totalWork: total } of candidates) {
    if (2 * mostWork < total || mostWork <= (best?.regions.work ?? leastWork - 1)) continue;
    const batch = batchOf(axes);
    if (batch === undefined) continue;
    if (lanes.some((variable) => batch.axisOf(variable) === variable.type.shape.length - 1)) continue;
    const regions = findRegions(program, batch);
    const { work, totalWork, equations, largestWeight } = regions;
    if (work < leastWork || 2 * work < totalWork) continue;
    if (equations < fewestEquations || largestWeight > largeWeights) continue;
    if (best === undefined || work > best.regions.work) best = { batch, regions };
  }
  return best;
}

/** Vectors of a tile that registers hold while sums are folded, by the bytes of a number. */
const mostVectors: Readonly<Record<4 | 8, number>> = { 4: 4, 8: 5 };

/**
 * Cuts the samples into tiles of whole vectors: about `usual` each, few left over; none where a tile whose vectors stay in
 * registers fits exactly, since then nothing is filled up and nothing masked.
 */
export function chooseCut(choice: Choice, usual: number, traits: TargetTraits): Cut {
  const { regions } = choice;
  const { extent } = choice.batch;
  const wanted = regions.largestWeight > smallWeights ? 2 * usual : usual;
  const bytes = numberBytes(choice);
  const [lanes] = laneWidths(traits, bytes) as [number];
  // With few registers the vectors of a tile run one after the other.
  const most = traits.registers >= 32 ? mostVectors[bytes] * lanes : 0;
  let best: Cut | undefined;
  for (const factor of [1, 1.5, 0.75, 0.5]) {
    const near = Math.max(lanes, Math.round((wanted * factor) / lanes) * lanes);
    const tile = wanted <= most ? Math.min(near, most) : near;
    const tiles = Math.ceil(extent / tile);
    const cut = { extent, tile, tiles, lanes: tile <= most ? lanes : tile };
    if (best === undefined || isBetter(cut, best, most)) best = cut;
  }
  return best as Cut;
}

function isBetter(a: Cut, b: Cut, most: number): boolean {
  const [size, other] = [a.tiles * a.tile, b.tiles * b.tile];
  return size < 0.95 * other || (size === a.extent && size < other && a.tile <= most);
}

/** Bytes of the numbers with samples: 8 where no float of four bytes is among them. */
export function numberBytes({ batch, regions }: Choice): 4 | 8 {
  const results = [...regions.region.keys()]
    .flatMap(({ outputs }) => outputs)
    .filter((output) => batch.axisOf(output) >= 0);
  return results.some(({ type }) => type.dtype === "float32") ? 4 : 8;
}
