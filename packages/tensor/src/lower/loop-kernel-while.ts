/**
 * The kernel of a `while`: carry in registers, records in memory (see `loop-kernel-record.ts`).
 */
import { type Block, createBlock } from "../kernel/block.ts";
import * as build from "../kernel/build.ts";
import type { Expression, TargetTraits } from "../kernel/kernel.ts";
import type { Atom, Equation, Program, Variable } from "../program/program.ts";
import { sizeOf } from "../shape.ts";
import { bytesOf } from "./element-bytes.ts";
import { readLeaf, setLeaves, startLeaf } from "./loop-kernel-carry.ts";
import { type Copies, constantElements, programElements } from "./loop-kernel-elements.ts";
import type { LoopKernel } from "./loop-kernel-form.ts";
import { loadTensor, storeTensor } from "./loop-kernel-memory.ts";
import { finishLoop, lanesOf, openLanes, planLoop, scopeOf } from "./loop-kernel-plan.ts";
import { type RecordWrite, recordWriteOf } from "./loop-kernel-record.ts";
import type { NarrowProgram } from "./loop-kernel-width.ts";
import { trim } from "./simplify/trim.ts";

/** A while without its records. */
interface Parts {
  readonly condition: Program;
  /** Gives the next carry, then index, flag and values of the records, group by group. */
  readonly body: Program;
  /** Which leaves of the carry stay, and which are records. */
  readonly kept: readonly number[];
  readonly records: readonly Written[];
}

/** A leaf of the carry that is a record of so many slots. */
interface Written {
  readonly leaf: number;
  readonly slots: number;
  readonly write: RecordWrite;
}

/** Whether a while, without its records, is one kernel. */
export function isWhileKernel(equation: Equation<"while">, traits: TargetTraits): boolean {
  const { condition, body } = partsOf(equation);
  return planLoop([condition, body], traits) !== undefined;
}

/** The kernel of a while that fits. */
export function makeWhileKernel(equation: Equation<"while">, traits: TargetTraits): LoopKernel | undefined {
  const { conditionConstants, bodyConstants } = equation.parameters;
  const { condition, body, kept, records } = partsOf(equation);
  const plan = planLoop([condition, body], traits);
  if (plan === undefined) return undefined;
  const [narrowCondition, narrowBody] = plan.programs as [NarrowProgram, NarrowProgram];
  const block = createBlock(traits.accuracy);
  const fixed = conditionConstants + bodyConstants;
  const constants = equation.inputs.slice(0, fixed).map((atom, i): Copies => {
    const isAsked = i < conditionConstants;
    const at = isAsked ? i : i - conditionConstants;
    const seen = isAsked ? narrowCondition : narrowBody;
    if (atom.kind === "constant" && typeof atom.value === "number")
      return [constantElements(seen.program.inputs[at] as Variable, atom.value)];
    return loadTensor(block, { base: i }, atom.type, seen.inputAxes[at], plan.chunks);
  });
  const axisOf = (i: number): number | undefined => narrowBody.inputAxes[bodyConstants + i];
  const typeOf = (leaf: number) => (equation.outputs[leaf] as Variable).type;
  const leaves = kept.map((leaf, i) => {
    const start = loadTensor(block, { base: fixed + leaf }, typeOf(leaf), axisOf(i), plan.chunks);
    return startLeaf(block, start, lanesOf(plan, axisOf(i)));
  });
  const isActive = (into: Block): Expression => {
    const operands = [...constants.slice(0, conditionConstants), ...leaves.map(readLeaf)];
    const [flag] = programElements(scopeOf(plan, narrowCondition, into), narrowCondition.program, operands);
    return flag?.[0]?.[0] as Expression;
  };
  const active = block.variable("active", isActive(block));
  block.whileAny(build.read(active), (turn) => {
    const operands = [...constants.slice(conditionConstants), ...leaves.map(readLeaf)];
    const results = programElements(scopeOf(plan, narrowBody, turn), narrowBody.program, operands);
    let next = kept.length;
    for (const group of together(records)) {
      const take = (): Expression => results[next++]?.[0]?.[0] as Expression;
      const index = take();
      const flag = group[0]?.write.flag === undefined ? undefined : take();
      writeSlots(turn, index, flag, (group[0] as Written).slots, (body) => {
        for (const { leaf } of group) {
          const { dtype, shape } = typeOf(leaf);
          const slot = { dtype, shape: shape.slice(1) };
          const dynamic = body.name("offset", build.mul(index, sizeOf(slot.shape) * bytesOf(dtype)));
          const axis = narrowBody.outputAxes[next];
          storeTensor(body, { base: fixed + leaf, dynamic }, slot, axis, plan.chunks, results[next++] as Copies);
        }
      });
    }
    setLeaves(turn, leaves, results.slice(0, kept.length));
    turn.set(active, isActive(turn));
  });
  leaves.forEach((leaf, i) => {
    const at = kept[i] as number;
    storeTensor(block, { base: fixed + at }, typeOf(at), axisOf(i), plan.chunks, readLeaf(leaf));
  });
  return finishLoop(
    equation,
    openLanes(plan, block.statements),
    { from: fixed, count: equation.outputs.length },
    plan.operations,
  );
}

function partsOf({ parameters }: Equation<"while">): Parts {
  const { condition, body, conditionConstants, bodyConstants } = parameters;
  const isAsked = (variable: Variable | undefined): boolean =>
    [...condition.equations.flatMap(({ inputs }) => inputs), ...condition.outputs].some((atom) => atom === variable);
  const records = body.outputs.flatMap((output, leaf) => {
    const write = recordWriteOf(body, output, body.inputs[bodyConstants + leaf] as Variable);
    return write === undefined || isAsked(condition.inputs[conditionConstants + leaf])
      ? []
      : [{ leaf, slots: output.type.shape[0] as number, write }];
  });
  const kept = body.outputs.flatMap((_, leaf) => (records.some((record) => record.leaf === leaf) ? [] : [leaf]));
  const without = (inputs: readonly Variable[], constants: number): readonly Variable[] => [
    ...inputs.slice(0, constants),
    ...kept.map((leaf) => inputs[constants + leaf] as Variable),
  ];
  const writes = together(records).flatMap((group): Atom[] => {
    const { index, flag } = (group[0] as Written).write;
    const values = group.map(({ write }) => write.value);
    return flag === undefined ? [index, ...values] : [index, flag, ...values];
  });
  const outputs = [...kept.map((leaf) => body.outputs[leaf] as Atom), ...writes];
  return {
    condition: { ...condition, inputs: without(condition.inputs, conditionConstants) },
    body: trim({ inputs: without(body.inputs, bodyConstants), equations: body.equations, outputs }),
    kept,
    records,
  };
}

/** Records that are written under the same condition, group by group: slots of the same number at the same index. */
function together(records: Parts["records"]): readonly (readonly Written[])[] {
  const groups: Written[][] = [];
  for (const record of records) {
    const same = groups.find(([first]) => {
      const { write, slots } = first as Written;
      return write.index === record.write.index && write.flag === record.write.flag && slots === record.slots;
    });
    if (same === undefined) groups.push([record]);
    else same.push(record);
  }
  return groups;
}

/** Stores, if the flag holds and the index is within the records. */
function writeSlots(
  turn: Block,
  index: Expression,
  flag: Expression | undefined,
  slots: number,
  store: (body: Block) => void,
): void {
  const within = build.and(build.lessEqual(0, index), build.less(index, slots));
  turn.branch(flag === undefined ? within : build.and(flag, within), store);
}
