/**
 * A loop over tiles as several loops side by side, each over some of the tiles with sums of its own, and what adds these
 * up: a loop without a carry, whose turns depend on nothing, around a loop over tiles.
 */
import type { Parameters } from "../../program/primitive.ts";
import { type Atom, fill, type Program, variable } from "../../program/program.ts";
import type { Rewriter } from "../simplify/rewriter.ts";

type Scan = Parameters["scan"];

/** What the loop over all tiles would read. */
export interface TileLoop {
  /** What is done with a tile. */
  readonly body: Program;
  readonly constants: readonly Atom[];
  /** Zeros, known while compiling; other values are those of any tile. */
  readonly starts: readonly Atom[];
  readonly sequences: readonly Atom[];
  /** Whether a carry is a sum over tiles. */
  readonly isSum: (carry: number) => boolean;
}

/** Emits so many loops of so many turns; the results are those of one loop over all tiles, but for the order of additions. */
export function inChunks(rewriter: Rewriter, loop: TileLoop, chunks: number, turns: number): readonly Atom[] {
  const { body: tile, constants, starts, sequences } = loop;
  const carry = starts.length;
  const cut = sequences.map((stack): Atom => {
    const shape = [chunks, turns, ...stack.type.shape.slice(1)];
    if (stack.kind === "constant") return { ...stack, type: { ...stack.type, shape } };
    return rewriter.one("reshape", { shape }, [stack]);
  });
  const fixed = constants.map(({ type }) => variable(type));
  const parts = cut.map(({ type }) => variable({ dtype: type.dtype, shape: type.shape.slice(1) }));
  const own = tile.outputs.map(({ type }, i) =>
    variable(i < carry ? type : { dtype: type.dtype, shape: [turns, ...type.shape] }),
  );
  const body = {
    inputs: [...fixed, ...parts],
    equations: [
      {
        primitive: "scan" as const,
        parameters: { body: tile, constants: constants.length, carry, bound: turns, reverse: false },
        inputs: [fill(int32, turns), ...fixed, ...starts, ...parts],
        outputs: own,
      },
    ],
    outputs: own,
  };
  const outer: Scan = { body, constants: constants.length, carry: 0, bound: chunks, reverse: false };
  const made = rewriter.emit("scan", outer, [fill(int32, chunks), ...constants, ...cut]);
  return made.map((result, i) => (i < carry ? total(rewriter, loop, i, result) : joined(rewriter, result)));
}

const int32 = { dtype: "int32", shape: [] } as const;

function total(rewriter: Rewriter, { isSum }: TileLoop, carry: number, stack: Atom): Atom {
  if (isSum(carry)) return rewriter.one("reduceSum", { axes: [0] }, [stack]);
  const shape = stack.type.shape.slice(1);
  const start = stack.type.shape.map(() => 0);
  const stride = start.map(() => 1);
  return rewriter.one("reshape", { shape }, [rewriter.one("slice", { start, limit: [1, ...shape], stride }, [stack])]);
}

function joined(rewriter: Rewriter, stack: Atom): Atom {
  const [chunks, turns, ...rest] = stack.type.shape as readonly [number, number, ...number[]];
  return rewriter.one("reshape", { shape: [chunks * turns, ...rest] }, [stack]);
}
