/**
 * The kernel of a scan: carry in registers, slices read and results written where the counter says.
 */
import { type Block, createBlock } from "../kernel/block.ts";
import * as build from "../kernel/build.ts";
import type { Expression, TargetTraits } from "../kernel/kernel.ts";
import type { Atom, Equation, Variable } from "../program/program.ts";
import { tensorBytes } from "./element-bytes.ts";
import { readLeaf, setLeaves, startLeaf } from "./loop-kernel-carry.ts";
import { type Copies, constantElements, programElements } from "./loop-kernel-elements.ts";
import type { LoopKernel } from "./loop-kernel-form.ts";
import { loadTensor, storeTensor } from "./loop-kernel-memory.ts";
import { finishLoop, type LoopPlan, lanesOf, openLanes, planLoop, scopeOf } from "./loop-kernel-plan.ts";
import type { NarrowProgram } from "./loop-kernel-width.ts";

/** The kernel of a scan that fits. */
export function makeScanKernel(equation: Equation<"scan">, traits: TargetTraits): LoopKernel | undefined {
  const { body, constants, carry } = equation.parameters;
  const plan = planLoop([body], traits);
  if (plan === undefined) return undefined;
  const narrow = plan.programs[0] as NarrowProgram;
  const block = createBlock(traits.accuracy);
  const fixed = equation.inputs.slice(1, 1 + constants).map((atom, i): Copies => {
    if (atom.kind === "constant" && typeof atom.value === "number")
      return [constantElements(narrow.program.inputs[i] as Variable, atom.value)];
    return loadTensor(block, { base: 1 + i }, atom.type, narrow.inputAxes[i], plan.chunks);
  });
  const first = equation.inputs.length - carry;
  const leaves = body.inputs.slice(constants, constants + carry).map(({ type }, i) => {
    const axis = narrow.inputAxes[constants + i];
    const start = loadTensor(block, { base: first + i }, type, axis, plan.chunks);
    return startLeaf(block, start, lanesOf(plan, axis));
  });
  writeTurns(block, equation, (turn, counter) => {
    const slices = loadSlices(turn, equation, plan, counter);
    const results = programElements(scopeOf(plan, narrow, turn), narrow.program, [
      ...fixed,
      ...leaves.map(readLeaf),
      ...slices,
    ]);
    body.outputs.slice(carry).forEach((atom, i) => {
      const memory = { base: first + carry + i, dynamic: offsetOf(turn, counter, atom) };
      storeTensor(turn, memory, atom.type, narrow.outputAxes[carry + i], plan.chunks, results[carry + i] as Copies);
    });
    setLeaves(turn, leaves, results.slice(0, carry));
  });
  leaves.forEach((leaf, i) => {
    const { type } = equation.outputs[i] as Atom;
    storeTensor(block, { base: first + i }, type, narrow.inputAxes[constants + i], plan.chunks, readLeaf(leaf));
  });
  return finishLoop(
    equation,
    openLanes(plan, block.statements),
    { from: 1 + constants, count: carry },
    plan.operations * equation.parameters.bound,
  );
}

/** The loop itself; its length is known, or in memory. */
function writeTurns(
  block: Block,
  { parameters: { bound, reverse }, inputs }: Equation<"scan">,
  write: (turn: Block, counter: Expression) => void,
): void {
  const [length] = inputs as readonly [Atom];
  const isKnown = length.kind === "constant" && typeof length.value === "number";
  const given = isKnown ? build.number("int32", 1, length.value) : build.load("int32", 1, build.address(0));
  const count = block.name("count", build.max(build.min(given, bound), 0));
  const counter = block.variable("counter", reverse ? build.sub(count, 1) : build.number("int32", 1, 0));
  const at = build.read(counter);
  block.whileAny(reverse ? build.lessEqual(0, at) : build.less(at, count), (turn) => {
    const step = turn.name("step", at);
    write(turn, step);
    turn.set(counter, reverse ? build.sub(step, 1) : build.add(step, 1));
  });
}

function loadSlices(
  turn: Block,
  { parameters: { body, constants, carry } }: Equation<"scan">,
  plan: LoopPlan,
  counter: Expression,
): readonly Copies[] {
  const from = constants + carry;
  return body.inputs.slice(from).map((slice, i) => {
    const memory = { base: 1 + constants + i, dynamic: offsetOf(turn, counter, slice) };
    return loadTensor(turn, memory, slice.type, plan.programs[0]?.inputAxes[from + i], plan.chunks);
  });
}

/** Bytes to the slice of this turn. */
function offsetOf(turn: Block, counter: Expression, slice: Atom): Expression {
  return turn.name("offset", build.mul(counter, tensorBytes(slice)));
}
