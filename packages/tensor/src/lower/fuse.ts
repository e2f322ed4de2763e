/**
 * Program to schedule: fusion by levels.
 *
 * Equations are visited in order. A point operation or reduction joins the earliest group of its domain (its extents
 * without ones; for a reduction those of its operand) that comes no earlier than all it reads, so that everything on one
 * level with one iteration space shares a loop nest. Values read by later steps are stored, unless they are cheap to
 * compute again from at most two values in memory. Views are never computed, unless something needs them in memory.
 *
 * Groups are only appended, and an equation only joins at or after what it reads: the order of steps is right by
 * construction. A group with reductions has one set of reduced axes. Linear in equations, given few groups a domain.
 */

import type { Atom, Equation, Program, Variable } from "../program/program.ts";
import { subprograms } from "../program/subprograms.ts";
import { sameShape } from "../shape.ts";
import { domainOf, type IndexMap, identityMap, sameMap } from "./affine.ts";
import { buildNests } from "./build-nests.ts";
import { decideStored } from "./decide-stored.ts";
import { firstAtLeast } from "./first-at-least.ts";
import { type Fold, type Folds, findFolds } from "./folds.ts";
import { roleOf } from "./roles.ts";
import { aliasRoot, type Group, type Schedule, type ScheduleStep } from "./schedule.ts";
import { isView, throughView } from "./views.ts";

/** Members of one group: more would only spill registers and lengthen functions. */
const mostMembers = 48;

/** Tensors that one group reads: more pointers than these have to be fetched from memory themselves. */
const mostOperands = 40;

/** What reads its operands as whole row-major tensors. */
const isInMemory: ReadonlySet<string> = new Set(["scan", "while", "argsort", "updateSlice"]);

interface GroupUnderConstruction {
  readonly kind: "group";
  readonly domain: readonly number[];
  reduced: readonly boolean[] | undefined;
  readonly members: Equation[];
  /** What its members read from elsewhere. */
  readonly operands: Set<Atom>;
}

interface Fusion {
  readonly program: Program;
  readonly definitions: Map<Variable, Equation>;
  readonly home: Map<Variable, number>;
  readonly forced: Set<Variable>;
  readonly steps: (Exclude<ScheduleStep, Group> | GroupUnderConstruction)[];
  readonly folds: Folds;
  /** Positions of the groups of each domain. */
  readonly byDomain: Map<string, number[]>;
}

/** The schedule of a program and of the programs inside it. */
export function fuse(program: Program): Schedule {
  const definitions = new Map<Variable, Equation>();
  for (const equation of program.equations) for (const output of equation.outputs) definitions.set(output, equation);
  const fusion: Fusion = {
    program,
    definitions,
    folds: findFolds(program, definitions),
    home: new Map(),
    forced: new Set(),
    steps: [],
    byDomain: new Map(),
  };
  for (const input of program.inputs) fusion.home.set(input, -1);
  for (const equation of program.equations) visit(fusion, equation);
  for (const output of program.outputs) ensureStored(fusion, output);
  return settle(fusion);
}

/** Decides what is stored, until every step can be built. */
function settle(fusion: Fusion): Schedule {
  const steps = fusion.steps.map((step) =>
    step.kind === "alone" ? step : { ...step, reduced: step.reduced ?? step.domain.map(() => false) },
  );
  for (;;) {
    const { program, definitions, home } = fusion;
    const stored = decideStored({ program, definitions, home, forced: fusion.forced, steps });
    const placed = { definitions, home, stored, folds: fusion.folds.byAddition };
    const built = steps.map((step, position) => buildNests(placed, position, step));
    const failures = built.flatMap((step) => step.failures);
    if (failures.length === 0) return { ...placed, program, steps, nests: built.map(({ nests }) => nests) };
    for (const failure of failures) fusion.forced.add(failure);
  }
}

function visit(fusion: Fusion, equation: Equation): void {
  const role = roleOf(equation.primitive);
  const fold = fusion.folds.byAddition.get(equation);
  if (fusion.folds.sums.has(equation)) return;
  if (fold !== undefined) joinFold(fusion, equation, fold);
  else if (role === "alone") visitAlone(fusion, equation);
  else if (role !== "view") join(fusion, equation);
}

function visitAlone(fusion: Fusion, equation: Equation): void {
  const { primitive, parameters, inputs } = equation;
  for (const [index, input] of inputs.entries()) {
    if (isInMemory.has(primitive) || (primitive === "addAt" && index === 0)) ensureStored(fusion, input);
    else if (primitive === "dot" || (primitive === "gather" && index === 0)) ensureOperand(fusion, input);
    else
      earliest(
        fusion,
        input,
        identityMap(input.type.shape, domainOf(input.type.shape).length),
        domainOf(input.type.shape),
      );
  }
  const inner = subprograms(primitive, parameters).map(fuse);
  fusion.steps.push({ kind: "alone", equation, inner });
  for (const output of equation.outputs) {
    fusion.home.set(output, fusion.steps.length - 1);
    fusion.forced.add(output);
  }
}

/** Puts a point operation, a reduction or a view that must be copied into a group. */
function join(fusion: Fusion, equation: Equation): void {
  const isReduction = roleOf(equation.primitive) === "reduction";
  const [first] = equation.inputs;
  const shape = isReduction && first !== undefined ? first.type.shape : (equation.outputs[0] as Variable).type.shape;
  const domain = domainOf(shape);
  const reduced = isReduction ? reducedAxes(equation as Equation<"reduceSum">, shape) : undefined;
  const map = identityMap(shape, domain.length);
  let from = 0;
  for (const [input, inputMap] of readsOf(equation, map, domain)) {
    from = Math.max(
      from,
      inputMap === undefined ? afterStored(fusion, input) : earliest(fusion, input, inputMap, domain),
    );
  }
  const position = findGroup(fusion, domain, reduced, from);
  const group = fusion.steps[position] as GroupUnderConstruction;
  group.members.push(equation);
  for (const input of equation.inputs) {
    if (input.kind === "variable" && fusion.home.get(input) !== position) group.operands.add(input);
  }
  group.reduced ??= reduced;
  for (const output of equation.outputs) fusion.home.set(output, position);
}

/** Puts a fold into a group of what it folds. */
function joinFold(fusion: Fusion, equation: Equation, { start, term }: Fold): void {
  const { shape } = term.type;
  const domain = domainOf(shape);
  const from = earliest(fusion, term, identityMap(shape, domain.length), domain);
  const before = start.kind === "variable" && isFold(fusion, start) ? fusion.home.get(start) : undefined;
  const position = findGroup(fusion, domain, undefined, Math.max(from, before ?? afterStored(fusion, start)));
  if (position !== before) afterStored(fusion, start);
  const group = fusion.steps[position] as GroupUnderConstruction;
  group.members.push(equation);
  for (const input of [start, term]) {
    if (input.kind === "variable" && fusion.home.get(input) !== position) group.operands.add(input);
  }
  fusion.home.set(equation.outputs[0] as Variable, position);
}

function isFold({ definitions, folds }: Fusion, atom: Variable): boolean {
  const equation = definitions.get(atom);
  return equation !== undefined && folds.byAddition.has(equation);
}

function reducedAxes({ parameters }: Equation<"reduceSum">, shape: readonly number[]): boolean[] {
  return shape.flatMap((extent, axis) => (extent === 1 ? [] : [parameters.axes.includes(axis)]));
}

function readsOf(equation: Equation, map: IndexMap, domain: readonly number[]): [Atom, IndexMap | undefined][] {
  if (equation.primitive === "iota") return [];
  if (isView(equation)) return [[equation.inputs[0] as Atom, throughView(equation, map, domain)]];
  return equation.inputs.map((input) => [input, map]);
}

function findGroup(
  fusion: Fusion,
  domain: readonly number[],
  reduced: readonly boolean[] | undefined,
  from: number,
): number {
  const key = domain.join(",");
  const positions = fusion.byDomain.get(key) ?? [];
  fusion.byDomain.set(key, positions);
  for (let i = firstAtLeast(positions, from); i < positions.length; i++) {
    const position = positions[i] as number;
    const group = fusion.steps[position] as GroupUnderConstruction;
    const fits = reduced === undefined || group.reduced === undefined || sameFlags(reduced, group.reduced);
    if (fits && group.members.length < mostMembers && group.operands.size < mostOperands) return position;
  }
  fusion.steps.push({ kind: "group", domain, reduced: undefined, members: [], operands: new Set() });
  positions.push(fusion.steps.length - 1);
  return fusion.steps.length - 1;
}

function sameFlags(a: readonly boolean[], b: readonly boolean[]): boolean {
  return a.every((flag, i) => flag === b[i]);
}

/** The earliest step at which the tensor can be read under this map; stores it when only memory will do. */
function earliest(fusion: Fusion, atom: Atom, map: IndexMap, domain: readonly number[]): number {
  if (atom.kind === "constant") return 0;
  const home = fusion.home.get(atom);
  if (isFold(fusion, atom)) return afterStored(fusion, atom);
  if (home !== undefined) return sharesPoint(fusion, home, atom, map, domain) ? home : home + 1;
  const equation = fusion.definitions.get(atom) as Equation;
  if (equation.primitive === "iota") return 0;
  const inner = throughView(equation, map, domain);
  if (inner === undefined) return afterStored(fusion, atom);
  return earliest(fusion, equation.inputs[0] as Atom, inner, domain);
}

/** Whether a reader over `domain` can stand in the group that computes the variable, and see the same element. */
function sharesPoint(
  fusion: Fusion,
  home: number,
  variable: Variable,
  map: IndexMap,
  domain: readonly number[],
): boolean {
  const step = fusion.steps[home];
  if (step?.kind !== "group" || !sameShape(step.domain, domain)) return false;
  const equation = fusion.definitions.get(variable) as Equation;
  if (roleOf(equation.primitive) === "reduction") return false;
  return sameMap(identityMap(variable.type.shape, domain.length), map);
}

function afterStored(fusion: Fusion, atom: Atom): number {
  const stored = ensureStored(fusion, atom);
  return stored === undefined ? 0 : (fusion.home.get(stored) ?? -1) + 1;
}

/** Gives a tensor row-major memory of its own; the variable that owns it. Constants have theirs. */
function ensureStored(fusion: Fusion, atom: Atom): Variable | undefined {
  if (atom.kind === "constant") return undefined;
  const root = aliasRoot(fusion.definitions, atom);
  if (!fusion.home.has(root)) join(fusion, fusion.definitions.get(root) as Equation);
  fusion.forced.add(root);
  return root;
}

/** An operand that is read by strides: views down to something in memory are left to the reader. */
function ensureOperand(fusion: Fusion, atom: Atom): void {
  const domain = atom.type.shape;
  let map: IndexMap | undefined = identityMap(domain, domainOf(domain).length);
  let at = atom;
  for (;;) {
    if (at.kind === "constant") return;
    const equation: Equation | undefined = fusion.definitions.get(at);
    if (fusion.home.has(at) || equation === undefined || !isView(equation)) break;
    const inner: IndexMap | undefined = map && throughView(equation, map, domainOf(domain));
    if (inner === undefined) break;
    map = inner;
    at = equation.inputs[0] as Atom;
  }
  ensureStored(fusion, at);
}
