/**
 * The passes from program to program, in order. Each can be left out, so that what it brings can be measured.
 */
import type { TargetTraits } from "../kernel/kernel.ts";
import type { Equation, Program } from "../program/program.ts";
import { tensorBytes } from "./element-bytes.ts";
import { expand } from "./expand/expand.ts";
import { simplify, simplifyAgain, simplifyRules } from "./simplify.ts";
import { sumsFirst } from "./sums-first.ts";
import { chooseBatch, chooseCut } from "./tile/choose-tile.ts";
import { tile } from "./tile/tile.ts";

/** What a schedule may be told. */
export interface ScheduleOptions {
  /** Whether short axes are taken apart; see `expand/`. True unless said otherwise. */
  readonly shortAxes?: boolean;
  /** Samples of a tile, about; 0 for no tiles. See `tile/`. */
  readonly tile?: number;
}

/** Told the name of each phase of compiling as it begins. */
export type OnPhase = (name: string) => void;

/** Samples of a tile, unless the batch fits another size better. */
const usualTile = 32;

/** The program as it is to be fused and lowered. */
export function scheduleProgram(
  program: Program,
  traits: TargetTraits,
  options: ScheduleOptions = {},
  onPhase: OnPhase = () => undefined,
): Program {
  const { shortAxes = true, tile: samples = usualTile } = options;
  onPhase("simplify");
  const simplified = simplify(program);
  onPhase("expand");
  const apart = shortAxes ? simplifyAgain(expand(simplified, simplifyRules)) : simplified;
  if (samples === 0) return apart;
  const ordered = sumsFirst(apart);
  onPhase("tile");
  // What fits into one tile gains nothing by it, and its features may be the better lanes.
  const choice = chooseBatch(ordered, 2 * samples);
  if (choice === undefined) return apart;
  const tiled = tile(ordered, choice, chooseCut(choice, samples, traits));
  const halves = options.tile === undefined && traits.vectorBytes <= 16 && tapeBytes(tiled) > nearCache;
  return halves ? tile(ordered, choice, chooseCut(choice, samples / 2, traits)) : tiled;
}

/** Bytes that stay near the processor. A tape beyond them is cut in half where vectors are short enough to be filled. */
const nearCache = 1 << 20;

/** Bytes of what the loops inside tiles leave for later loops; products of large matrices would lose by smaller tiles. */
function tapeBytes({ equations }: Program): number {
  let bytes = 0;
  for (const equation of equations) {
    if (equation.primitive !== "scan") continue;
    const { body } = (equation as Equation<"scan">).parameters;
    if (body.equations.some(({ primitive }) => primitive === "dot")) continue;
    for (const inner of body.equations) if (inner.primitive === "scan") bytes += tapeOf(inner as Equation<"scan">);
  }
  return bytes;
}

function tapeOf({ parameters: { body, carry }, outputs }: Equation<"scan">): number {
  if (body.equations.some(({ primitive }) => primitive === "dot")) return 0;
  return outputs.slice(carry).reduce((sum, output) => sum + tensorBytes(output), 0);
}
