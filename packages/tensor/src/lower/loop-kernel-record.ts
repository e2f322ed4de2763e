/**
 * Records: a carry of which each turn writes one element, `select(iota = index and flag, value, carry)`, is memory that
 * the loop only writes. Such a carry stays where it is, and a turn stores one number.
 */
import type { Atom, Equation, Program, Variable } from "../program/program.ts";

/** What a turn writes into a record: `value` at `index`, when `flag` holds (undefined: always). Scalars of the body. */
export interface RecordWrite {
  readonly index: Atom;
  readonly flag: Atom | undefined;
  readonly value: Atom;
}

/** The write of output `output` of a body into its carry, input `input`; undefined where it is something else. */
export function recordWriteOf(body: Program, output: Atom, input: Variable): RecordWrite | undefined {
  const definitions = new Map(body.equations.flatMap((each) => each.outputs.map((made) => [made, each] as const)));
  const definitionOf = (atom: Atom | undefined, primitive: Equation["primitive"]): Equation | undefined => {
    const found = atom?.kind === "variable" ? definitions.get(atom) : undefined;
    return found?.primitive === primitive ? found : undefined;
  };
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
  const uses = [...body.equations.flatMap((each) => each.inputs), ...body.outputs].filter((atom) => atom === input);
  if (selected?.inputs[2] !== input || uses.length !== 1 || input.type.shape.length !== 1) return undefined;
  const value = scalarOf(selected.inputs[1]);
  const [mask] = selected.inputs;
  const whole = indexOf(mask);
  if (value === undefined) return undefined;
  if (whole !== undefined) return { index: whole, flag: undefined, value };
  const parts = definitionOf(mask, "and")?.inputs ?? [];
  const at = parts.findIndex((part) => indexOf(part) !== undefined);
  const [index, flag] = [indexOf(parts[at]), scalarOf(parts[1 - at])];
  return index === undefined || flag === undefined ? undefined : { index, flag, value };
}
