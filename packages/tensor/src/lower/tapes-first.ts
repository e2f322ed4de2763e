/**
 * The order of loops: what reads a tape comes as soon as it can, and with it the end of the tape's memory.
 *
 * Reverse mode writes the way back of everything after the way forth of everything. A loop that neither feeds the way back
 * of an earlier loop nor needs it (a second part of a loss) would run while the tape of the earlier one waits: it moves
 * behind, with all else between the two that the way back does not need.
 *
 * In: a program. Out: the same equations in another order, in the bodies of loops too.
 */
import type { Atom, Equation, Program } from "../program/program.ts";

/** Programs of more loops stay as they are: of many tapes each is a small part, and each is a walk over the program. */
const mostLoops = 32;

/** The program in that order. */
export function tapesFirst(program: Program): Program {
  let equations: readonly Equation[] = program.equations.map(inLoop);
  const scans = equations.filter(isScan);
  if (scans.length > mostLoops) return { ...program, equations };
  for (const scan of scans) equations = withoutWait(equations, scan);
  return { ...program, equations };
}

function inLoop(equation: Equation): Equation {
  if (!isScan(equation)) return equation;
  const { parameters } = equation;
  return { ...equation, parameters: { ...parameters, body: tapesFirst(parameters.body) } };
}

const isScan = (equation: Equation): equation is Equation<"scan"> => equation.primitive === "scan";
const isLoop = ({ primitive }: Equation): boolean => primitive === "scan" || primitive === "while";

/** The equations with those behind that only keep the tape of `scan` waiting. */
function withoutWait(equations: readonly Equation[], scan: Equation<"scan">): readonly Equation[] {
  const tape = new Set<Atom>(scan.outputs.slice(scan.parameters.carry));
  const from = equations.indexOf(scan) + 1;
  const to = equations.findLastIndex((each) => isScan(each) && each.inputs.some((input) => tape.has(input)));
  const needed = new Set<Equation>();
  const read = new Set<Atom>();
  for (let i = to; i >= from; i--) {
    const equation = equations[i] as Equation;
    if (i < to && !equation.outputs.some((output) => read.has(output))) continue;
    needed.add(equation);
    for (const input of equation.inputs) read.add(input);
  }
  const between = equations.slice(from, Math.max(from, to + 1));
  const waiting = between.filter((equation) => !needed.has(equation));
  if (!waiting.some(isLoop)) return equations;
  return [
    ...equations.slice(0, from),
    ...between.filter((equation) => needed.has(equation)),
    ...waiting,
    ...equations.slice(to + 1),
  ];
}
