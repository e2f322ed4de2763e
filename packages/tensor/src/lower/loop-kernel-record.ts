/**
 * Records: a carry of which each turn writes one slot, `select(iota = index and flag, value, carry)`, is memory that the
 * loop only writes. Such a carry stays where it is, and a turn stores one slot: a number, or a tensor.
 */
import type { Atom, Equation, Program, Variable } from "../program/program.ts";
import { sameShape } from "../shape.ts";
import { countUses } from "./simplify/addition-tree.ts";

/** What a turn writes into a record: `value` at `index`, when `flag` holds (undefined: always); both are scalars. */
export interface RecordWrite {
  readonly index: Atom;
  readonly flag: Atom | undefined;
  readonly value: Atom;
}

/** The write of output `output` of a body into its carry, input `input`; undefined where it is something else. */
export function recordWriteOf(body: Program, output: Atom, input: Variable): RecordWrite | undefined {
  const { definitionOf, uses } = factsOf(body);
  const scalarOf = (atom: Atom | undefined): Atom | undefined => {
    if (atom?.kind === "constant" && typeof atom.value === "number")
      return { ...atom, type: { ...atom.type, shape: [] } };
    const [from] = definitionOf(atom, "broadcast")?.inputs ?? [];
    return from?.type.shape.length === 0 ? from : undefined;
  };
  const indexOf = (mask: Atom | undefined): Atom | undefined => {
    const sides = definitionOf(mask, "equal")?.inputs ?? [];
    const isCounter = sides.map((side) => definitionOf(side, "iota") !== undefined);
    return isCounter.includes(true) ? scalarOf(sides[isCounter[0] ? 1 : 0]) : undefined;
  };
  const selected = definitionOf(output, "select");
  const [slots, ...slot] = input.type.shape;
  if (selected?.inputs[2] !== input || uses.get(input) !== 1 || slots === undefined) return undefined;
  const value = slot.length === 0 ? scalarOf(selected.inputs[1]) : alongSlots(definitionOf, selected.inputs[1], slot);
  const mask = slot.length === 0 ? selected.inputs[0] : overSlot(definitionOf, selected.inputs[0], slots);
  const whole = indexOf(mask);
  if (value === undefined) return undefined;
  if (whole !== undefined) return { index: whole, flag: undefined, value };
  const parts = definitionOf(mask, "and")?.inputs ?? [];
  const at = parts.findIndex((part) => indexOf(part) !== undefined);
  const [index, flag] = [indexOf(parts[at]), scalarOf(parts[1 - at])];
  return index === undefined || flag === undefined ? undefined : { index, flag, value };
}

/** A record of which all slots below a count are written: the write, and which carry of the loop counts. */
export interface CountedRecord {
  readonly write: RecordWrite;
  readonly count: number;
}

/**
 * How carry `leaf` of a loop is a record that is written at 0, 1, 2, …: at the place of a carry that starts from 0 and
 * grows by one in just the turns that write.
 */
export function countedRecordOf({ parameters, inputs }: Equation<"while">, leaf: number): CountedRecord | undefined {
  const { body, conditionConstants, bodyConstants } = parameters;
  const carry = body.inputs.slice(bodyConstants);
  const write = recordWriteOf(body, body.outputs[leaf] as Atom, carry[leaf] as Variable);
  const count = write === undefined ? -1 : carry.indexOf(write.index as Variable);
  const start = inputs[conditionConstants + bodyConstants + count];
  if (write?.flag === undefined || count < 0 || start?.kind !== "constant" || start.value !== 0) return undefined;
  const { definitionOf } = factsOf(body);
  const terms = definitionOf(body.outputs[count], "add")?.inputs ?? [];
  const [one] = terms.filter((term) => term !== carry[count]);
  const grows = terms.includes(carry[count] as Atom) && definitionOf(one, "convert")?.inputs[0] === write.flag;
  return grows && write.flag.type.dtype === "bool" ? { write, count } : undefined;
}

type DefinitionOf = (atom: Atom | undefined, primitive: Equation["primitive"]) => Equation | undefined;

/** What is asked of a body for each of its carries. */
interface Facts {
  /** Finds the equation that makes an atom, if it is of this primitive. */
  readonly definitionOf: DefinitionOf;
  /** How often each atom is read. */
  readonly uses: ReadonlyMap<Atom, number>;
}

const known = new WeakMap<Program, Facts>();

function factsOf(body: Program): Facts {
  const before = known.get(body);
  if (before !== undefined) return before;
  const definitions = new Map<Atom, Equation>();
  for (const equation of body.equations) for (const made of equation.outputs) definitions.set(made, equation);
  const definitionOf: DefinitionOf = (atom, primitive) => {
    const found = atom === undefined ? undefined : definitions.get(atom);
    return found?.primitive === primitive ? found : undefined;
  };
  const facts: Facts = { definitionOf, uses: countUses(body) };
  known.set(body, facts);
  return facts;
}

/** The tensor that is repeated along the slots. */
function alongSlots(definitionOf: DefinitionOf, atom: Atom | undefined, slot: readonly number[]): Atom | undefined {
  if (atom?.kind === "constant" && typeof atom.value === "number")
    return { ...atom, type: { ...atom.type, shape: slot } };
  const repeated = definitionOf(atom, "broadcast") as Equation<"broadcast"> | undefined;
  const [value] = repeated?.inputs ?? [];
  const isWhole = repeated?.parameters.axes.every((axis, i) => axis === i + 1) === true;
  return value !== undefined && isWhole && sameShape(value.type.shape, slot) ? value : undefined;
}

/** The mask over the slots that is repeated over the tensor in each. */
function overSlot(definitionOf: DefinitionOf, atom: Atom | undefined, slots: number): Atom | undefined {
  const repeated = definitionOf(atom, "broadcast") as Equation<"broadcast"> | undefined;
  const [mask] = repeated?.inputs ?? [];
  return repeated?.parameters.axes.join() === "0" && sameShape(mask?.type.shape ?? [], [slots]) ? mask : undefined;
}
