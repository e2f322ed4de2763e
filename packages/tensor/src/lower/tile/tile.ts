/**
 * The schedule's first decision, as a program: the batch runs in tiles that stay in cache.
 *
 * Loss and gradient of a whole batch are sums over samples. Computed equation by equation, every intermediate tensor of
 * the batch goes to memory and back. Here the equations that work sample by sample become the body of a scan over tiles
 * of some 32 samples: the loops over time inside them, the tape between forward and backward, and the derivatives all
 * run while a tile is hot. Inside, samples are the last axis of every tensor: the lanes of vectors. Sums over the batch
 * are carried from tile to tile.
 *
 * In: a simplified program. Out: an equal one but for the order in which sums over the batch are added; the same one
 * where no axis is worth it. Batches that are no multiple of the tile are filled up, and what is added masks the rest.
 */
import { type Atom, type Equation, fill, type Program, type Variable } from "../../program/program.ts";
import { sizeOf } from "../../shape.ts";
import { cheapLimit, costOf } from "../cost.ts";
import { tensorBytes } from "../element-bytes.ts";
import { roleOf } from "../roles.ts";
import { accumulateInPlace } from "../simplify/accumulate-in-place.ts";
import { createRewriter, type Rewriter } from "../simplify/rewriter.ts";
import { trim } from "../simplify/trim.ts";
import { simplifyAgain } from "../simplify.ts";
import { type Choice, chooseInner } from "./choose-tile.ts";
import { createFrame, createInputs, type Frame, masking, readPartial, tileType } from "./frame.ts";
import { inChunks, type TileLoop } from "./in-chunks.ts";
import { type Cut, realSamples, stackConstant, stackTiles, unstackTiles } from "./layout.ts";
import { masksEarly } from "./masks-early.ts";
import type { Regions } from "./regions.ts";
import { emptySum, rewrite } from "./rewrite.ts";

interface Tiling {
  readonly choice: Choice;
  readonly cut: Cut;
  readonly rewriter: Rewriter;
  /** Tensors of the new program outside regions. */
  readonly values: Map<Variable, Atom>;
  /** Stacks of tiles, by what they hold. */
  readonly stacks: Map<Atom, Atom>;
}

/** The program with its regions as scans over tiles; `outside` says what becomes of other equations. */
export function tile(
  program: Program,
  choice: Choice,
  cut: Cut,
  outside: (equation: Equation) => Equation = (equation) => equation,
): Program {
  const tiling: Tiling = { choice, cut, rewriter: createRewriter({}), values: new Map(), stacks: new Map() };
  for (const input of program.inputs) tiling.values.set(input, input);
  const levels = new Map<number, { outside: Equation[]; region: Equation[] }>();
  for (const equation of program.equations) {
    for (const part of ["outside", "region"] as const) {
      const level = choice.regions[part].get(equation);
      if (level === undefined) continue;
      const group = levels.get(level) ?? { outside: [], region: [] };
      levels.set(level, group);
      group[part].push(equation);
    }
  }
  const spread = spreadOverSamples(program, choice);
  for (const level of [...levels.keys()].sort((a, b) => a - b)) {
    const { outside: plain, region } = levels.get(level) as { outside: Equation[]; region: Equation[] };
    for (const equation of plain) copy(tiling, outside(equation));
    if (region.length === 0) continue;
    const whole = [...repeatedFor(region, spread), ...region];
    addRegion(tiling, whole, readElsewhere(program, new Set(region), choice.regions, spread));
  }
  const outputs = program.outputs.map((output) => whole(tiling, output));
  return trim({ inputs: program.inputs, equations: tiling.rewriter.equations, outputs });
}

function copy(tiling: Tiling, equation: Equation): void {
  const made = tiling.rewriter.keep(
    equation,
    equation.inputs.map((input) => whole(tiling, input)),
  );
  equation.outputs.forEach((output, i) => {
    tiling.values.set(output, made[i] as Atom);
  });
}

/** What repeats something without samples for all of them, in a region: each region that reads it does so itself. */
function spreadOverSamples({ equations }: Program, { batch, regions }: Choice): ReadonlyMap<Atom, Equation> {
  const found = new Map<Atom, Equation>();
  for (const equation of equations) {
    const [input] = equation.inputs;
    if (equation.primitive !== "broadcast" || !regions.region.has(equation) || input?.kind !== "variable") continue;
    if (batch.axisOf(input) < 0) found.set(equation.outputs[0] as Variable, equation);
  }
  return found;
}

/** What a region reads of that, and other regions make. */
function repeatedFor(region: readonly Equation[], spread: ReadonlyMap<Atom, Equation>): ReadonlySet<Equation> {
  const own = new Set(region);
  const read = region.flatMap(({ inputs }) => inputs.map((input) => spread.get(input)));
  return new Set(read.filter((equation) => equation !== undefined && !own.has(equation)) as Equation[]);
}

/** What equations outside a region, or the program's user, read. */
function readElsewhere(
  { equations, outputs }: Program,
  region: ReadonlySet<Equation>,
  { region: inRegions }: Regions,
  spread: ReadonlyMap<Atom, Equation>,
): ReadonlySet<Atom> {
  const read = new Set<Atom>(outputs);
  for (const equation of equations) {
    if (region.has(equation)) continue;
    for (const input of equation.inputs) if (!inRegions.has(equation) || !spread.has(input)) read.add(input);
  }
  return read;
}

/** An atom as a whole tensor, outside regions. */
function whole({ values, stacks, rewriter, choice, cut }: Tiling, atom: Atom): Atom {
  if (atom.kind === "constant") return atom;
  const before = values.get(atom);
  if (before !== undefined) return before;
  const made = unstackTiles(rewriter, stacks.get(atom) as Atom, choice.batch.axisOf(atom), cut);
  values.set(atom, made);
  return made;
}

/** An atom with samples along `axis` as a stack of tiles. */
function stackOf({ stacks, rewriter, values, cut }: Tiling, atom: Atom, axis: number): Atom {
  const before = stacks.get(atom);
  if (before !== undefined) return before;
  const made =
    atom.kind === "constant"
      ? stackConstant(atom, axis, cut)
      : stackTiles(rewriter, values.get(atom) as Atom, axis, cut);
  stacks.set(atom, made);
  return made;
}

function addRegion(tiling: Tiling, region: readonly Equation[], readOutside: ReadonlySet<Atom>): void {
  const { choice, cut, rewriter, values } = tiling;
  const { batch, regions } = choice;
  const constants = createInputs<Atom>();
  const sequences = createInputs<Atom>();
  const slices = (stack: Atom): Atom => {
    return sequences.find(stack, { dtype: stack.type.dtype, shape: stack.type.shape.slice(1) });
  };
  const real = cut.tiles * cut.tile === cut.extent ? undefined : realSamples(cut);
  const frame = createFrame(
    { batch, sums: regions.sums, tile: cut.tile, lanes: cut.lanes },
    {
      outer: (missing) => {
        const axis = batch.axisOf(missing);
        if (axis >= 0) return slices(stackOf(tiling, missing, axis));
        const outer = whole(tiling, missing);
        return outer.kind === "constant" ? outer : constants.find(outer, outer.type);
      },
      samplesOf: (constant, axis) => slices(stackOf(tiling, constant, axis)),
      mask: () => (real === undefined ? undefined : slices(real)),
    },
  );
  for (const equation of region) rewrite(frame, equation);
  const made = region
    .flatMap(({ outputs }) => outputs)
    .filter((output) => readOutside.has(output) && !values.has(output));
  const again = cheapFromOutside(region, made, (atom) => values.has(atom));
  for (const equation of region) if (again.equations.has(equation)) copy(tiling, equation);
  const results = made.filter((output) => batch.axisOf(output) >= 0 && !again.results.has(output));
  const sums = made.filter((output) => batch.axisOf(output) < 0);
  const carries = createInputs<Variable>();
  const isFinished = region.some(isLongLoop) && bytesApart(frame, sums) > fewBytes;
  const empty = (output: Variable): Atom => (isFinished ? fill(output.type, 0) : emptySum(frame, output));
  const totals = sums.map((output) => addTo(frame, output, carries.find(output, empty(output).type), isFinished));
  const lanes = sequences.all().map(([, input]) => input);
  const plain = simplifyAgain({
    inputs: [...[...constants.all(), ...carries.all()].map(([, input]) => input), ...lanes],
    equations: frame.rewriter.equations,
    outputs: [...totals, ...results.map((output) => resultOf(frame, output))],
  });
  const written = maskedEarly(plain, sequences.all().find(([outer]) => outer === real)?.[1], lanes, cut);
  const body = inTurn(written, lanes) ?? accumulateInPlace(written, constants.all().length, sums.length);
  const loop: TileLoop = {
    body,
    constants: constants.all().map(([outer]) => outer),
    starts: sums.map(empty),
    sequences: sequences.all().map(([outer]) => outer),
    isSum: (carry) => regions.sums.has(sums[carry] as Variable),
  };
  const outputs = overTiles(rewriter, loop, cut);
  sums.forEach((output, i) => {
    values.set(output, isFinished ? (outputs[i] as Atom) : finished(rewriter, frame, output, outputs[i] as Atom));
  });
  results.forEach((output, i) => {
    tiling.stacks.set(output, outputs[sums.length + i] as Atom);
  });
}

/** The loop over tiles, or the loops that they are divided into. */
function overTiles(rewriter: Rewriter, loop: TileLoop, { tiles, chunks = 1 }: Cut): readonly Atom[] {
  if (chunks > 1) return inChunks(rewriter, loop, chunks, tiles / chunks);
  const { body, constants, starts, sequences } = loop;
  const length = fill({ dtype: "int32", shape: [] }, tiles);
  const inputs = [length, ...constants, ...starts, ...sequences] as const;
  const parameters = { body, constants: constants.length, carry: starts.length, bound: tiles, reverse: false };
  return rewriter.emit("scan", parameters, inputs);
}

/** Where nothing is folded a masked sum is one term of what tiles carry: without its mask each of its terms would be one. */
function maskedEarly(body: Program, flags: Variable | undefined, lanes: readonly Variable[], cut: Cut): Program {
  return flags === undefined || cut.lanes === cut.tile ? body : masksEarly(body, flags, lanes);
}

/**
 * Results of a region that a few cheap operations make of what is there before it: they are computed again outside, and
 * what reads them need not wait for the region.
 */
function cheapFromOutside(
  region: readonly Equation[],
  results: readonly Variable[],
  isWhole: (atom: Variable) => boolean,
): { readonly equations: ReadonlySet<Equation>; readonly results: ReadonlySet<Variable> } {
  const definitions = new Map<Atom, Equation>();
  for (const equation of region) for (const output of equation.outputs) definitions.set(output, equation);
  const found = { equations: new Set<Equation>(), results: new Set<Variable>() };
  for (const result of results) {
    const needed = new Set<Equation>();
    const cost = costFromOutside({ definitions, isWhole, needed }, result);
    if (cost > cheapLimit) continue;
    found.results.add(result);
    for (const equation of needed) found.equations.add(equation);
  }
  return found;
}

function grows({ inputs, outputs }: Equation): boolean {
  const size = Math.max(...inputs.map(({ type }) => sizeOf(type.shape)));
  return outputs.some(({ type }) => sizeOf(type.shape) > size);
}

interface Outside {
  /** What makes the variables of the region. */
  readonly definitions: ReadonlyMap<Atom, Equation>;
  /** Whether a variable is there as a whole tensor, not as tiles. */
  readonly isWhole: (atom: Variable) => boolean;
  readonly needed: Set<Equation>;
}

/**
 * Operations that make an atom of whole tensors; notes the equations. What is larger than its operands is better made
 * tile by tile, and an array that is known while compiling would be kept twice, as a whole and as tiles.
 */
function costFromOutside({ definitions, isWhole, needed }: Outside, result: Atom): number {
  let cost = 0;
  const open = [result];
  for (let atom = open.pop(); atom !== undefined && cost <= cheapLimit; atom = open.pop()) {
    const equation = definitions.get(atom);
    if (equation === undefined) {
      const isThere = atom.kind === "constant" ? typeof atom.value === "number" : isWhole(atom);
      if (!isThere) return Infinity;
    } else if (!needed.has(equation)) {
      const role = roleOf(equation.primitive);
      if ((role !== "point" && role !== "view") || grows(equation)) return Infinity;
      needed.add(equation);
      cost += costOf(equation.primitive);
      open.push(...equation.inputs);
    }
  }
  return cost;
}

/** A tile's program with its samples' own samples one after the other; undefined where they have none, or need not. */
function inTurn(body: Program, lanes: readonly Variable[]): Program | undefined {
  const choice = chooseInner(body, lanes);
  if (choice === undefined) return undefined;
  const { extent } = choice.batch;
  return simplifyAgain(tile(body, choice, { extent, tile: 1, tiles: extent, lanes: 1 }));
}

/**
 * The running total of a partial sum with this tile's share, added up within vectors where sums are to be finished; what
 * is no sum is the same for every tile.
 */
function addTo(frame: Frame, output: Variable, total: Variable, isFinished: boolean): Atom {
  const form = frame.sums.get(output);
  if (form === undefined) return frame.values.get(output) as Atom;
  if (isFinished) return frame.rewriter.one("add", {}, [total, readPartial(frame, output, "reduced")]);
  const share = form === "reduced" ? (frame.values.get(output) as Atom) : readPartial(frame, output, "folded");
  // Where nothing is folded samples are masked once, here.
  const isMasked = form === "reduced" || frame.lanes < frame.tile;
  return frame.rewriter.one("add", {}, [total, isMasked ? share : masking(frame, share)]);
}

/** Bytes of sums that are carried from tile to tile with their samples apart. */
function bytesApart(frame: Frame, sums: readonly Variable[]): number {
  const apart = sums.filter((output) => frame.sums.get(output) !== "reduced");
  return apart.reduce((bytes, output) => bytes + tensorBytes(emptySum(frame, output)), 0);
}

const fewBytes = 1 << 14;

/** Whether a tile has a loop of its own beside which adding within vectors, once a tile, is nothing. */
function isLongLoop({ primitive, parameters }: Equation): boolean {
  return primitive === "scan" && (parameters as Equation<"scan">["parameters"]).bound >= fewestTurns;
}

const fewestTurns = 8;

/** A result with samples; spread where the tile knows it as one number for all. */
function resultOf(frame: Frame, output: Variable): Atom {
  const value = frame.values.get(output) as Atom;
  const { shape } = tileType(output.type, frame.batch.axisOf(output), frame.tile);
  return value.type.shape.length === shape.length
    ? value
    : frame.rewriter.one("broadcast", { shape, axes: value.type.shape.map((_, i) => i) }, [value]);
}

function finished(rewriter: Rewriter, { sums }: Frame, output: Variable, total: Atom): Atom {
  const form = sums.get(output);
  if (form === undefined || form === "reduced") return total;
  return rewriter.one("reduceSum", { axes: [total.type.shape.length - 1] }, [total]);
}
