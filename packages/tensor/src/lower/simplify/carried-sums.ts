/**
 * Loops that only add to what they carry: the total of what an inner loop adds, added to a sum, is what comes out of the
 * inner loop when it starts from that sum. Then nested loops add to one tensor, one contribution after the other, in the
 * order of one loop over all their turns.
 */
import type { Atom, Equation, Program, Variable } from "../../program/program.ts";
import { countUses } from "./addition-tree.ts";
import { numberOf } from "./algebra.ts";

/** Where a loop takes the start of a part of its carry from. */
function startOf({ parameters: { constants } }: Equation<"scan">, carry: number): number {
  return 1 + constants + carry;
}

/** The number of the input to give a sum to, where `equation` makes `atom` by adding to zeros; else undefined. */
export function placeOfStart(equation: Equation | undefined, atom: Atom): number | undefined {
  if (equation?.primitive !== "scan") return undefined;
  const scan = equation as Equation<"scan">;
  const carry = scan.outputs.indexOf(atom as Variable);
  if (carry >= scan.parameters.carry) return undefined;
  const start = startOf(scan, carry);
  return numberOf(scan.inputs[start] as Atom) === 0 && onlyAdds(scan, carry) ? start : undefined;
}

/** Whether what a loop carries there is a sum onto what it began with. */
function onlyAdds({ parameters: { body, constants } }: Equation<"scan">, carry: number): boolean {
  const { uses, definitions } = readingsOf(body);
  const total = body.inputs[constants + carry] as Atom;
  const isSum = (atom: Atom): boolean => {
    if (uses.get(atom) !== 1) return false;
    if (atom === total) return true;
    const equation = definitions.get(atom);
    if (equation?.primitive === "add") return equation.inputs.some(isSum);
    if (equation?.primitive !== "scan") return false;
    const scan = equation as Equation<"scan">;
    const part = scan.outputs.indexOf(atom as Variable);
    return part < scan.parameters.carry && isSum(scan.inputs[startOf(scan, part)] as Atom) && onlyAdds(scan, part);
  };
  return isSum(body.outputs[carry] as Atom);
}

interface Readings {
  readonly uses: ReadonlyMap<Atom, number>;
  readonly definitions: ReadonlyMap<Atom, Equation>;
}

const readings = new WeakMap<Program, Readings>();

function readingsOf(body: Program): Readings {
  const before = readings.get(body);
  if (before !== undefined) return before;
  const definitions = new Map<Atom, Equation>();
  for (const equation of body.equations) for (const output of equation.outputs) definitions.set(output, equation);
  const made = { uses: countUses(body), definitions };
  readings.set(body, made);
  return made;
}
