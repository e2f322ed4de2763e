/**
 * The measures a compiler takes, one on top of another, and tiles of several sizes with all of them.
 */
import { type NativeOptions, native } from "@leastaction/native";
import { type Target, wasm } from "@leastaction/tensor";

/** Options under a name. */
export interface Rung {
  readonly name: string;
  readonly target: () => Target;
}

/** The measures of one target. */
export interface Ladder {
  readonly target: string;
  /** Each has what those before it have. */
  readonly measures: readonly Rung[];
  /** All measures, with about so many samples in a tile. */
  readonly tiles: readonly Rung[];
}

type Options = Pick<NativeOptions, "schedule" | "accuracy" | "contract">;

const base: Options = { schedule: { shortAxes: false, tile: 0 } };
const shortAxes: Options = { schedule: { tile: 0 } };
const contract: Options = { contract: true };
const fast: Options = { accuracy: "fast" };
const sizes: readonly number[] = [16, 32, 48, 64, 96];

/** The ladder of the system's processor. */
export const nativeLadder: Ladder = ladderOf("native", native, [
  ["base", base],
  ["+ short axes", shortAxes],
  ["+ tiles", {}],
  ["+ contract", contract],
  ["+ fast functions", { ...contract, ...fast }],
]);

/** The ladder of WebAssembly. */
export const wasmLadder: Ladder = ladderOf("wasm", wasm, [
  ["base", base],
  ["+ short axes", shortAxes],
  ["+ tiles", {}],
  ["+ fast functions", fast],
]);

function ladderOf(
  target: string,
  make: (options: Options) => Target,
  measures: readonly (readonly [string, Options])[],
): Ladder {
  const all = measures.at(-1)?.[1];
  const rung = (name: string, options: Options): Rung => ({ name, target: () => make(options) });
  return {
    target,
    measures: measures.map(([name, options]) => rung(name, options)),
    tiles: sizes.map((tile) => rung(`tile ${tile}`, { ...all, schedule: { tile } })),
  };
}
