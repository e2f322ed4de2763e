/**
 * Recipes: how to compute a stacked result of a scan again, turn by turn, from what else is at hand.
 */
import type { Atom, Equation, Variable } from "../../program/program.ts";
import { cheapLimit, costOf } from "../cost.ts";
import { roleOf } from "../roles.ts";
import { numberOf } from "./algebra.ts";
import type { Loop } from "./loop.ts";
import type { Rewriter } from "./rewriter.ts";

/** How to compute one result of a scan again: equations of its body in order, and what they start from. */
export interface Recipe {
  readonly equations: readonly Equation[];
  /** Variables of the earlier body, with the outer tensor that holds them for all turns. */
  readonly constants: ReadonlyMap<Variable, Atom>;
  readonly sequences: ReadonlyMap<Variable, Atom>;
}

/** What is looked up in a scan, found once for all its results. */
interface Maker {
  readonly scan: Equation<"scan">;
  readonly definitions: ReadonlyMap<Atom, Equation>;
  /** Positions of the body's inputs. */
  readonly inputs: ReadonlyMap<Atom, number>;
  /** The stacks that hold what the body computes. */
  readonly stacks: ReadonlyMap<Atom, Atom>;
  /** Positions of the outputs. */
  readonly outputs: ReadonlyMap<Atom, number>;
}

/** The recipe of a sequence of the loop: a result of an earlier scan over the same turns, made of little. */
export function createRecipes(rewriter: Rewriter, loop: Loop): (outer: Atom) => Recipe | undefined {
  const makers = new Map<Equation, Maker>();
  return (outer) => {
    const scan = rewriter.definition(outer);
    if (scan?.primitive !== "scan" || !isOverSameTurns(scan as Equation<"scan">, loop)) return undefined;
    const maker = makers.get(scan) ?? makerOf(scan as Equation<"scan">);
    makers.set(scan, maker);
    const { body, carry } = maker.scan.parameters;
    const result = maker.outputs.get(outer) as number;
    const target = body.outputs[result];
    return result < carry || target === undefined || target.kind === "constant" ? undefined : collect(maker, target);
  };
}

function isOverSameTurns({ parameters, inputs }: Equation<"scan">, { bound, length }: Loop): boolean {
  const own = inputs[0] as Atom;
  const value = numberOf(own);
  return parameters.bound === bound && (own === length || (value !== undefined && value === numberOf(length)));
}

function makerOf(scan: Equation<"scan">): Maker {
  const { body, carry } = scan.parameters;
  const definitions = new Map<Atom, Equation>();
  for (const equation of body.equations) for (const output of equation.outputs) definitions.set(output, equation);
  const stacks = new Map<Atom, Atom>();
  body.outputs.forEach((atom, i) => {
    if (i >= carry) stacks.set(atom, scan.outputs[i] as Atom);
  });
  return { scan, definitions, inputs: positionsIn(body.inputs), stacks, outputs: positionsIn(scan.outputs) };
}

function positionsIn(atoms: readonly Atom[]): ReadonlyMap<Atom, number> {
  return new Map(atoms.map((atom, i) => [atom, i]));
}

/** What `target` of the scan's body is made of, if that is cheap. */
function collect({ scan, definitions, inputs, stacks }: Maker, target: Variable): Recipe | undefined {
  const { constants, carry } = scan.parameters;
  const found = {
    equations: [] as Equation[],
    constants: new Map<Variable, Atom>(),
    sequences: new Map<Variable, Atom>(),
  };
  let budget = cheapLimit;
  const visit = (atom: Atom): boolean => {
    if (atom.kind === "constant") return true;
    const input = inputs.get(atom) ?? -1;
    const result = atom === target ? undefined : stacks.get(atom);
    const stacked = result ?? (input >= constants + carry ? scan.inputs[input + 1] : undefined);
    if (stacked !== undefined) {
      found.sequences.set(atom, stacked);
      return true;
    }
    if (input >= 0 && input < constants) {
      found.constants.set(atom, scan.inputs[input + 1] as Atom);
      return true;
    }
    const equation = definitions.get(atom);
    if (equation === undefined || input >= 0) return false;
    if (found.equations.includes(equation)) return true;
    const role = roleOf(equation.primitive);
    budget -= costOf(equation.primitive);
    if (budget < 0 || (role !== "point" && role !== "view") || !equation.inputs.every(visit)) return false;
    found.equations.push(equation);
    return true;
  };
  return visit(target) && found.equations.length > 0 ? found : undefined;
}
