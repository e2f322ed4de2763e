/**
 * What only a map over members reads is computed inside it, member by member.
 *
 * A `while` that was batched is a scan over its members (`loop-kernel-map.ts`); what comes before it (the choice of a first
 * step, the first evaluation) is left as equations over all members, and each of their results as a tensor in memory.
 * Inside the map they need registers only, and nothing is laid out for them. From the map back, an equation moves into the
 * body when it works member by member, all its readers are there, and what the body then reads takes no more memory.
 *
 * In: a simplified program. Out: an equal one, the same to the last bit.
 */
import type { Parameters } from "../program/primitive.ts";
import { type Atom, type Equation, type Program, type Variable, variable } from "../program/program.ts";
import { tensorBytes } from "./element-bytes.ts";
import { fits, operationsIn } from "./loop-kernel-fit.ts";
import { isMemberMap } from "./loop-kernel-map.ts";
import { memberPartsOf } from "./loop-kernel-refill.ts";
import { narrow } from "./loop-kernel-width.ts";
import { roleOf } from "./roles.ts";
import { parametersOfSlice } from "./simplify/loop-views.ts";
import { simplifyAgain } from "./simplify.ts";

/** The program with its maps so. */
export function membersInside(program: Program): Program {
  const maps = program.equations.filter((equation): equation is Equation<"scan"> => {
    return equation.primitive === "scan" && isMemberMap(equation as Equation<"scan">);
  });
  const found = maps.reduce((whole, map) => moveInto(whole, map), program);
  return found === program ? program : simplifyAgain(found);
}

function moveInto(program: Program, map: Equation<"scan">): Program {
  const moved = movable(program, map);
  const made = moved.size === 0 ? undefined : withInside(map, moved);
  if (made === undefined) return program;
  const equations = program.equations.flatMap((each) => (each === map ? [made] : moved.has(each) ? [] : [each]));
  return { ...program, equations };
}

/** The equations that may move, with the parameters they have for one member. */
function movable(
  { equations, outputs }: Program,
  map: Equation<"scan">,
): ReadonlyMap<Equation, Equation["parameters"]> {
  const { constants, bound } = map.parameters;
  const first = 1 + constants;
  const read = new Set<Atom>(map.inputs.slice(first));
  const elsewhere = new Set<Atom>([...outputs, ...map.inputs.slice(0, first)]);
  const found = new Map<Equation, Equation["parameters"]>();
  for (const equation of equations.toReversed()) {
    if (equation === map) continue;
    const isOnlyHere = equation.outputs.every((output) => read.has(output) && !elsewhere.has(output));
    const parameters = isOnlyHere ? parametersOfMember(equation, bound) : undefined;
    if (parameters !== undefined) found.set(equation, parameters);
    for (const input of equation.inputs) (parameters === undefined ? elsewhere : read).add(input);
  }
  return new Map([...found].reverse());
}

/** The parameters of the equation of one member; undefined where it mixes members or does more than move and compute. */
function parametersOfMember(equation: Equation, bound: number): Equation["parameters"] | undefined {
  const { primitive, parameters, inputs, outputs } = equation;
  if ([...inputs, ...outputs].some((atom) => atom.kind === "constant" && typeof atom.value !== "number"))
    return undefined;
  if (outputs.some(({ type }) => type.shape[0] !== bound)) return undefined;
  if (roleOf(primitive) === "point") return parameters;
  if (primitive === "broadcast") return broadcastOfMember(parameters as Parameters["broadcast"]);
  if (inputs[0]?.type.shape[0] !== bound) return undefined;
  if (primitive !== "slice") return parametersOfSlice(equation);
  const { start, limit, stride } = parameters as Parameters["slice"];
  const isWhole = start[0] === 0 && limit[0] === bound && stride[0] === 1;
  return isWhole ? { start: start.slice(1), limit: limit.slice(1), stride: stride.slice(1) } : undefined;
}

function broadcastOfMember({ shape, axes }: Parameters["broadcast"]): Parameters["broadcast"] {
  const own = axes[0] === 0 ? axes.slice(1) : axes;
  return { shape: shape.slice(1), axes: own.map((axis) => axis - 1) };
}

/** The map with equations moved inside; undefined where it would then not be one kernel, or read more memory. */
function withInside(
  map: Equation<"scan">,
  moved: ReadonlyMap<Equation, Equation["parameters"]>,
): Equation<"scan"> | undefined {
  const { body, constants, bound } = map.parameters;
  const slices = new Map<Atom, Variable>();
  const shared = new Map<Atom, Variable>();
  const made = new Map<Atom, Variable>();
  const sequences = map.inputs.slice(1 + constants);
  const isMade = new Set<Atom>([...moved.keys()].flatMap(({ outputs }) => outputs));
  sequences.forEach((outer, i) => {
    (isMade.has(outer) ? made : slices).set(outer, body.inputs[constants + i] as Variable);
  });
  const remember = (known: Map<Atom, Variable>, outer: Atom, type: Variable["type"]): Variable => {
    const inner = known.get(outer) ?? variable(type);
    known.set(outer, inner);
    return inner;
  };
  const sliceOf = ({ type }: Atom): Variable["type"] => ({ ...type, shape: type.shape.slice(1) });
  const equations = [...moved].map(([equation, parameters]): Equation => {
    const isSpread =
      equation.primitive === "broadcast" && (equation.parameters as Parameters["broadcast"]).axes[0] !== 0;
    const inputs = equation.inputs.map((atom): Atom => {
      if (atom.kind === "constant") return isSpread ? atom : { ...atom, type: sliceOf(atom) };
      if (isSpread) return remember(shared, atom, atom.type);
      return made.get(atom) ?? remember(slices, atom, sliceOf(atom));
    });
    const outputs = equation.outputs.map((output) => remember(made, output, sliceOf(output)));
    return { ...equation, parameters, inputs, outputs } as Equation;
  });
  const bytes = (atoms: readonly Atom[]): number =>
    [...new Set(atoms)].reduce((sum, atom) => sum + tensorBytes(atom), 0);
  if (bytes([...slices.keys()]) > bytes(sequences)) return undefined;
  const inside: Program = {
    inputs: [...shared.values(), ...body.inputs.slice(0, constants), ...slices.values()],
    equations: [...equations, ...body.equations],
    outputs: body.outputs,
  };
  if (!isOneKernel(inside, shared.size + constants, body, constants)) return undefined;
  const inputs = [map.inputs[0] as Atom, ...shared.keys(), ...map.inputs.slice(1, 1 + constants), ...slices.keys()];
  const parameters = { ...map.parameters, body: inside, constants: shared.size + constants, bound };
  return { ...map, parameters, inputs };
}

/** Whether the body is still one kernel that takes members one by one, with no more to do after the loop of each. */
function isOneKernel(inside: Program, constants: number, before: Program, constantsBefore: number): boolean {
  const whole = narrow(inside, 1);
  const parts = memberPartsOf(inside, constants);
  const old = memberPartsOf(before, constantsBefore);
  if (whole === undefined || parts === undefined || old === undefined) return false;
  return fits([whole], operationsIn(inside)) && operationsIn(parts.tail) <= operationsIn(old.tail);
}
