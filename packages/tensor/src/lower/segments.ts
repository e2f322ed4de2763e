/**
 * Long tapes in segments: what a loop leaves for its way back is computed again, some turns at a time, once it is far more
 * than caches hold.
 *
 * In: a program. Out: an equal one, to the bit. The loop runs in segments and leaves only the carry at the start of each;
 * the way back takes the segments in turn, each with its part of the tape made from there just before it is read. Memory
 * falls from the tape to that of one segment and the carries; the price is a second way forth, which is less than
 * writing and reading a tape at the speed of memory. What others read of the loop's results is kept as it was.
 *
 * Source: Chen, T., Xu, B., Zhang, C., Guestrin, C. (2016), Training deep nets with sublinear memory cost, section 4,
 * arXiv:1604.06174.
 */
import type { Parameters } from "../program/primitive.ts";
import { type Atom, type Equation, fill, type Program, type Variable, variable } from "../program/program.ts";
import { tensorBytes } from "./element-bytes.ts";
import { createRewriter, type Rewriter } from "./simplify/rewriter.ts";
import { trim } from "./simplify/trim.ts";

/** Bytes: tapes of more are cut into segments, whose tape is about that of the second. */
export interface TapeLimits {
  readonly tape: number;
  readonly segment: number;
}

type Scan = Equation<"scan">;

/** A loop and its way back. */
interface Pair {
  readonly forth: Scan;
  readonly back: Scan;
  /** The results of `forth` that nothing but `back` reads, slice by slice. */
  readonly tape: ReadonlySet<Atom>;
  /** Turns of a segment. */
  readonly turns: number;
}

/** The program with such loops in segments, in the bodies of loops too. */
export function inSegments(program: Program, limits: TapeLimits): Program {
  const equations = program.equations.map((equation) => inLoop(equation, limits));
  const isSame = equations.every((equation, i) => equation === program.equations[i]);
  const whole = isSame ? program : { ...program, equations };
  const pairs = pairsIn(whole, limits);
  return pairs.length === 0 ? whole : cutLoops(whole, pairs);
}

function inLoop(equation: Equation, limits: TapeLimits): Equation {
  if (!isScan(equation)) return equation;
  const { parameters } = equation;
  const body = inSegments(parameters.body, limits);
  return body === parameters.body ? equation : { ...equation, parameters: { ...parameters, body } };
}

const isScan = (equation: Equation): equation is Scan => equation.primitive === "scan";

function pairsIn({ equations, outputs }: Program, limits: TapeLimits): readonly Pair[] {
  const scans = equations.filter((equation) => isScan(equation) && isWhole(equation)) as Scan[];
  const heavy = scans.filter((scan) => bytesOf(resultsOf(scan)) > limits.tape);
  if (heavy.length === 0) return [];
  const readers = new Map<Atom, (Equation | undefined)[]>(outputs.map((output) => [output, [undefined]]));
  for (const equation of equations) {
    for (const input of equation.inputs) {
      const before = readers.get(input);
      if (before === undefined) readers.set(input, [equation]);
      else before.push(equation);
    }
  }
  const pairs: Pair[] = [];
  for (const forth of heavy) {
    const free = scans.filter((scan) => pairs.every((pair) => scan !== pair.forth && scan !== pair.back));
    const pair = free.includes(forth) ? pairOf(forth, free, (atom) => readers.get(atom) ?? [], limits) : undefined;
    if (pair !== undefined) pairs.push(pair);
  }
  return pairs;
}

function pairOf(
  forth: Scan,
  scans: readonly Scan[],
  readersOf: (atom: Atom) => readonly (Equation | undefined)[],
  limits: TapeLimits,
): Pair | undefined {
  const { bound, reverse, constants, carry } = forth.parameters;
  for (const back of scans) {
    if (back.parameters.bound !== bound || back.parameters.reverse === reverse) continue;
    const slices = new Set(sequencesOf(back));
    const tape = new Set<Atom>(
      resultsOf(forth).filter((result) => slices.has(result) && readersOf(result).every((reader) => reader === back)),
    );
    const bytes = bytesOf([...tape]);
    if (bytes <= limits.tape) continue;
    const turns = turnsNear(Math.max(1, Math.round((limits.segment / bytes) * bound)), bound);
    const starts = bytesOf(forth.inputs.slice(1 + constants, 1 + constants + carry)) * Math.ceil(bound / turns);
    if (fewest * turns <= bound && starts < bytes / leastGain) return { forth, back, tape, turns };
  }
  return undefined;
}

/** Turns of a segment: about so many, and where it can be no shorter segment is left over. */
function turnsNear(wanted: number, bound: number): number {
  for (let turns = wanted; 2 * turns > wanted; turns--) if (bound % turns === 0) return turns;
  return wanted;
}

/** Fewer segments are not worth their loop; nor are carries at their starts of more than such a part of the tape. */
const [fewest, leastGain] = [4, 4];

/** Whether a loop is known to run all its turns. */
function isWhole({ inputs: [length], parameters: { bound } }: Scan): boolean {
  return length?.kind === "constant" && length.value === bound;
}

const resultsOf = ({ parameters: { carry }, outputs }: Scan): readonly Variable[] => outputs.slice(carry);
const bytesOf = (atoms: readonly Atom[]): number => atoms.reduce((sum, atom) => sum + tensorBytes(atom), 0);

function sequencesOf({ parameters: { constants, carry }, inputs }: Scan): readonly Atom[] {
  return inputs.slice(1 + constants + carry);
}

/** What a program is while its loops are cut. */
interface Cutting {
  readonly rewriter: Rewriter;
  /** An atom of the program as it is now. */
  read(atom: Atom): Atom;
}

function cutLoops(program: Program, pairs: readonly Pair[]): Program {
  const values = new Map<Atom, Atom>();
  const cutting: Cutting = { rewriter: createRewriter({}), read: (atom) => values.get(atom) ?? atom };
  const { rewriter, read } = cutting;
  const starts = new Map<Pair, readonly Atom[]>();
  for (const equation of program.equations) {
    const pair = pairs.find(({ forth, back }) => equation === forth || equation === back);
    let made: readonly (Atom | undefined)[];
    if (pair === undefined) made = rewriter.keep(equation, equation.inputs.map(read));
    else if (equation === pair.back) made = backInSegments(cutting, pair, starts.get(pair) as readonly Atom[]);
    else {
      const results = forthInSegments(cutting, pair);
      starts.set(pair, results.starts);
      made = results.made;
    }
    equation.outputs.forEach((output, i) => {
      if (made[i] !== undefined) values.set(output, made[i]);
    });
  }
  return trim({ inputs: program.inputs, equations: rewriter.equations, outputs: program.outputs.map(read) });
}

/** The way forth with the carry at the start of each segment, and without what is only tape. */
function forthInSegments(
  { rewriter, read }: Cutting,
  { forth, tape, turns }: Pair,
): { readonly made: readonly (Atom | undefined)[]; readonly starts: readonly Atom[] } {
  const { constants, carry, bound } = forth.parameters;
  const segments = createSegments(rewriter, bound, turns);
  const inputs = forth.inputs.slice(1).map(read);
  const fixed = inputs.slice(0, constants).map(likeOf);
  const begins = inputs.slice(constants, constants + carry).map(likeOf);
  const run = runSegment(segments, forth, [...fixed, ...begins, ...inputs.slice(constants + carry).map(segments.part)]);
  const isKept = (i: number): boolean => i < carry || !tape.has(forth.outputs[i] as Atom);
  const ends = run.outputs.slice(0, carry);
  const kept = run.outputs.slice(carry).filter((_, i) => isKept(carry + i));
  const results = segments.loop(forth, {
    constants: { inner: fixed, outer: inputs.slice(0, constants) },
    carry: { inner: begins, outer: inputs.slice(constants, constants + carry) },
    equations: [run],
    outputs: [...ends, ...begins, ...kept],
  });
  const stacks = results.slice(2 * carry).values();
  return {
    made: forth.outputs.map((_, i) => {
      if (i < carry) return results[i];
      return isKept(i) ? segments.joined(stacks.next().value as Atom) : undefined;
    }),
    starts: results.slice(carry, 2 * carry),
  };
}

/** The way back, with the tape of each segment made before it is read. */
function backInSegments({ rewriter, read }: Cutting, { forth, back, turns }: Pair, starts: readonly Atom[]): Atom[] {
  const own = forth.parameters;
  const { constants, carry, bound } = back.parameters;
  const segments = createSegments(rewriter, bound, turns);
  const [, ...given] = forth.inputs.map(read);
  const [, ...inputs] = back.inputs.map(read);
  const known = given.slice(0, own.constants);
  const knownInside = known.map(likeOf);
  const again = runSegment(segments, forth, [
    ...knownInside,
    ...starts.map(segments.slice),
    ...given.slice(own.constants + own.carry).map(segments.part),
  ]);
  const fixed = inputs.slice(0, constants).map(likeOf);
  const begins = inputs.slice(constants, constants + carry).map(likeOf);
  const made = new Map<Atom, Atom>(forth.outputs.map((output, i) => [output, again.outputs[i] as Atom]));
  const sequences = sequencesOf(back).map((atom) => made.get(atom) ?? segments.part(read(atom)));
  const run = runSegment(segments, back, [...fixed, ...begins, ...sequences]);
  const results = segments.loop(back, {
    constants: { inner: [...knownInside, ...fixed], outer: [...known, ...inputs.slice(0, constants)] },
    carry: { inner: begins, outer: inputs.slice(constants, constants + carry) },
    equations: [again, run],
    outputs: run.outputs,
  });
  return results.map((result, i) => (i < carry ? result : segments.joined(result)));
}

const likeOf = ({ type }: Atom): Variable => variable(type);

/** Inputs of a loop inside and outside its body. */
interface Bounds {
  readonly inner: readonly Variable[];
  readonly outer: readonly Atom[];
}

/** A loop over segments under construction: its sequences are collected as they are asked for. */
interface Segments {
  /** Turns of the segment that runs. */
  readonly length: Atom;
  readonly turns: number;
  /** What the segment has of a sequence of all turns. */
  part(whole: Atom): Variable;
  /** What the segment has of something with an entry for each. */
  slice(stack: Atom): Variable;
  /** Emits the loop, in the direction of `scan`. */
  loop(
    scan: Scan,
    body: {
      readonly constants: Bounds;
      readonly carry: Bounds;
      readonly equations: readonly Equation[];
      readonly outputs: readonly Atom[];
    },
  ): readonly Atom[];
  /** Results of all turns from those of all segments. */
  joined(stack: Atom): Atom;
}

function createSegments(rewriter: Rewriter, bound: number, turns: number): Segments {
  const count = Math.ceil(bound / turns);
  const filled = count * turns;
  const sequences: { readonly inner: Variable; readonly outer: Atom }[] = [];
  const slice = (outer: Atom): Variable => {
    const inner = variable({ dtype: outer.type.dtype, shape: outer.type.shape.slice(1) });
    sequences.push({ inner, outer });
    return inner;
  };
  // The last segment may be shorter.
  const lengths = Int32Array.from({ length: count }, (_, i) => Math.min(turns, bound - i * turns));
  const scalar = { dtype: "int32", shape: [] } as const;
  const length =
    filled === bound
      ? fill(scalar, turns)
      : slice({ kind: "constant", type: { dtype: "int32", shape: [count] }, value: lengths });
  return {
    length,
    turns,
    slice,
    part: (whole) => {
      const { shape } = whole.type;
      const none = shape.map(() => 0);
      const parameters = { low: none, high: none.with(0, filled - bound), interior: none };
      const full = filled === bound ? whole : rewriter.one("pad", parameters, [whole]);
      return slice(rewriter.one("reshape", { shape: [count, turns, ...shape.slice(1)] }, [full]));
    },
    loop: ({ parameters: { reverse } }, { constants, carry, equations, outputs }) => {
      const stacks = sequences.map(({ outer }) => outer);
      const inputs = [...constants.inner, ...carry.inner, ...sequences.map(({ inner }) => inner)];
      const parameters: Parameters["scan"] = {
        body: { inputs, equations, outputs },
        constants: constants.inner.length,
        carry: carry.inner.length,
        bound: count,
        reverse,
      };
      return rewriter.emit("scan", parameters, [fill(scalar, count), ...constants.outer, ...carry.outer, ...stacks]);
    },
    joined: (stack) => {
      const [, , ...shape] = stack.type.shape;
      const all = rewriter.one("reshape", { shape: [filled, ...shape] }, [stack]);
      const [start, stride] = [
        [0, ...shape.map(() => 0)],
        [1, ...shape.map(() => 1)],
      ];
      return filled === bound ? all : rewriter.one("slice", { start, limit: [bound, ...shape], stride }, [all]);
    },
  };
}

/** The turns of one segment of a loop. */
function runSegment({ length, turns }: Segments, scan: Scan, inputs: readonly Atom[]): Scan {
  const { parameters, outputs } = scan;
  const { carry } = parameters;
  const types = outputs.map(({ type }, i) => (i < carry ? type : { ...type, shape: [turns, ...type.shape.slice(1)] }));
  return {
    primitive: "scan",
    parameters: { ...parameters, bound: turns },
    inputs: [length, ...inputs],
    outputs: types.map(variable),
  };
}
