/**
 * The passes from program to program, in order. Each can be left out, so that what it brings can be measured.
 */
import type { TargetTraits } from "../kernel/kernel.ts";
import type { Parameters } from "../program/primitive.ts";
import type { Equation, Program } from "../program/program.ts";
import { collectFactors } from "./collect-factors.ts";
import { doubles } from "./doubles.ts";
import { tensorBytes } from "./element-bytes.ts";
import { expand } from "./expand/expand.ts";
import { mayExpand } from "./expand/may-expand.ts";
import { loadedPasses } from "./passes-for.ts";
import { laneWidths } from "./plan-loops.ts";
import { productsLast } from "./products-last.ts";
import { inSegments } from "./segments.ts";
import { simplify, simplifyAgain, simplifyRules } from "./simplify.ts";
import { sumsFirst } from "./sums-first.ts";
import { tapesFirst } from "./tapes-first.ts";
import { type Choice, chooseBatch, chooseCut, chooseInLoop, numberBytes } from "./tile/choose-tile.ts";
import { divide } from "./tile/divide.ts";
import type { Cut } from "./tile/layout.ts";
import { tile } from "./tile/tile.ts";

/** What a schedule may be told. */
export interface ScheduleOptions {
  /** Whether common factors of sums are taken out; see `collect-factors.ts`. True unless said otherwise. */
  readonly factors?: boolean;
  /** Whether short axes are taken apart; see `expand/`. True unless said otherwise. */
  readonly shortAxes?: boolean;
  /** Whether sums that tiles carry on have the lanes of one vector, not those of a tile; see `folds.ts`. True unless said otherwise. */
  readonly folds?: boolean;
  /** Bytes of the tape of a loop beyond which it is made again, a segment at a time; see `segments.ts`. */
  readonly tape?: number;
  /** Samples of a tile, about; 0 for no tiles. See `tile/`. */
  readonly tile?: number;
  /** Simple operations from which on a step is divided, where threads are given; see `divided-work.ts`. */
  readonly leastDivided?: number;
}

/** Told the name of each phase of compiling as it begins. */
export type OnPhase = (name: string) => void;

/** Samples of a tile, unless the batch fits another size better. */
const usualTile = 32;

/**
 * The program as it is to be fused and lowered; the tiles of so much work are divided for several threads, if that is
 * given.
 */
export function scheduleProgram(
  program: Program,
  traits: TargetTraits,
  options: ScheduleOptions = {},
  onPhase: OnPhase = () => undefined,
  divided?: number,
): Program {
  const { factors = true, folds = true, shortAxes = true } = options;
  onPhase("simplify");
  const simplified = simplify(program);
  onPhase("expand");
  const takesApart = shortAxes && mayExpand(simplified);
  const expanded = takesApart ? simplifyAgain(expand(simplified, simplifyRules())) : simplified;
  const forWhile = loadedPasses.get("while");
  const fits = (loop: Equation<"while">): boolean => forWhile?.isWhileKernel(loop, traits) === true;
  const once = forWhile?.joinReplays(expanded, simplifyRules(), fits) ?? expanded;
  const collected = factors ? doubles(collectFactors(once)) : once;
  const apart = productsLast(forWhile?.membersInside(collected) ?? collected);
  const limits = { tape: options.tape ?? longTape(traits), segment: nearCache / 2 };
  if (options.tile === 0) return inSegments(apart, limits);
  onPhase("tile");
  return inSegments(tapesFirst(tiled(apart, { samples: options.tile, divided, folds, traits }, chooseBatch)), limits);
}

/**
 * Bytes of a tape that is to be made again, a segment at a time. Beyond the last cache long vectors compute it faster than
 * memory gives it; short ones do not, and it is memory that is saved.
 */
function longTape({ vectorBytes }: TargetTraits): number {
  return vectorBytes <= 16 ? 1 << 28 : 1 << 25;
}

/** How tiles are cut. */
interface Tiles {
  /** Samples of a tile, about, if that is not to be found. */
  readonly samples: number | undefined;
  /** Simple operations from which on tiles are divided. */
  readonly divided: number | undefined;
  readonly folds: boolean;
  readonly traits: TargetTraits;
}

/** The program by tiles of its batch; a loop that cannot run inside them has tiles of its own in its body. */
function tiled(program: Program, tiles: Tiles, choose: typeof chooseInLoop): Program {
  const { samples, divided, folds, traits } = tiles;
  const ordered = sumsFirst(program);
  // What fits into one tile gains nothing by it, and its features may be the better lanes.
  const choice = choose(ordered, 2 * (samples ?? usualTile));
  const inLoops = (equation: Equation): Equation => tiledLoop(equation, tiles);
  if (choice === undefined) return withEquations(program, program.equations.map(inLoops));
  const chosen = chooseCut(choice, samples ?? samplesFor(choice, traits), traits);
  const cut = folds ? chosen : { ...chosen, lanes: chosen.tile };
  return tile(ordered, choice, divided === undefined ? cut : divide(ordered, choice, cut, divided), inLoops);
}

/** The same program where no equation is another. */
function withEquations(program: Program, equations: readonly Equation[]): Program {
  return equations.every((equation, i) => equation === program.equations[i]) ? program : { ...program, equations };
}

/**
 * The work of a while loop, and of what holds one, is not known before: it was not weighed with the program around it. One
 * that is a kernel has its carry in registers.
 */
function tiledLoop(equation: Equation, tiles: Tiles): Equation {
  if (!holdsWhile(equation, tiles.traits)) return equation;
  const { parameters } = equation as Equation<"scan" | "while">;
  const body = tiled(parameters.body, tiles, chooseInLoop);
  return body === parameters.body ? equation : { ...equation, parameters: { ...parameters, body } };
}

/** Whether an equation is a while loop of several kernels, or a scan that holds one. */
function holdsWhile(equation: Equation, traits: TargetTraits): boolean {
  if (equation.primitive === "while")
    return !loadedPasses.find("while").isWhileKernel(equation as Equation<"while">, traits);
  if (equation.primitive !== "scan") return false;
  return (equation as Equation<"scan">).parameters.body.equations.some((inner) => holdsWhile(inner, traits));
}

/** Vectors of a tile that loops over units hold side by side: each weight is then read once for all of them. */
const sideBySide = 3;

/** Samples of a tile: what products of matrices have is cut into blocks anyway, and large ones would lose by smaller tiles. */
function samplesFor(choice: Choice, traits: TargetTraits): number {
  const equations = [...choice.regions.region.keys()];
  const isFar = tapeBytes(choice, chooseCut(choice, usualTile, traits)) > nearCache;
  const inProducts = equations.some(hasProduct);
  const fills = (usualTile / 2) * numberBytes(choice) >= traits.vectorBytes;
  if (isFar && fills && (inProducts || traits.vectorBytes <= 16)) return usualTile / 2;
  if (traits.registers < 32 || inProducts) return usualTile;
  return Math.max(usualTile, sideBySide * (laneWidths(traits, numberBytes(choice))[0] as number));
}

function hasProduct({ primitive, parameters }: Equation): boolean {
  return (
    primitive === "dot" || (primitive === "scan" && (parameters as Parameters["scan"]).body.equations.some(hasProduct))
  );
}

/**
 * Bytes that stay near the processor. A tape beyond them is cut in half where half a tile fills a vector and weights are
 * read in products of matrices, which keep their blocks: that halves memory, and takes a few percent longer with vectors of
 * 64 bytes. With those of 16 bytes it takes less time, products or not.
 */
const nearCache = 1 << 20;

/** Bytes of a matrix that is read again for every tile: products of larger ones would lose by smaller tiles. */
const smallMatrix = 1 << 15;

/** Bytes of what the loops inside a tile leave for later loops. */
function tapeBytes({ regions }: Choice, { tile: samples, extent }: Cut): number {
  if (regions.largestWeight > smallMatrix) return 0;
  const scans = [...regions.region.keys()].filter(
    (equation): equation is Equation<"scan"> => equation.primitive === "scan",
  );
  return scans.reduce((bytes, scan) => bytes + (tapeOf(scan) * samples) / extent, 0);
}

function tapeOf({ parameters: { carry }, outputs }: Equation<"scan">): number {
  return outputs.slice(carry).reduce((sum, output) => sum + tensorBytes(output), 0);
}
