/**
 * Loop kernels: a `while` over tiny tensors, or many of them side by side, as one kernel with the loop inside.
 *
 * The carry is in registers from the first turn to the last (`loop-kernel-elements.ts`); calls and memory traffic, which
 * cost more than the arithmetic of such a body, are gone. A scan without carry whose body holds a `while` is a map over
 * members: lanes run together, a member that is done keeps its carry until all lanes of its vectors are, and the next ones
 * follow. What fits is decided by `loop-kernel-fit.ts`; larger loops stay loops of the driver.
 */
import { type Block, createBlock } from "../kernel/block.ts";
import * as build from "../kernel/build.ts";
import type { Address, Expression, Kernel, Local, LoopVariable, TargetTraits } from "../kernel/kernel.ts";
import type { PrimitiveName } from "../program/primitive.ts";
import type { Atom, Equation, Program, TensorType } from "../program/program.ts";
import { sizeOf } from "../shape.ts";
import { bytesOf, tensorBytes } from "./element-bytes.ts";
import {
  type Copies,
  constantElements,
  copyOf,
  type ElementScope,
  type Elements,
  programElements,
} from "./loop-kernel-elements.ts";
import { fitsMemberKernel, fitsWhileKernel, operationsIn } from "./loop-kernel-fit.ts";
import { showEquation } from "./make-kernel.ts";

/** Vectors of members that run side by side: two chains of dependent operations fill the gaps of each other. */
const sideBySide = 2;

/** A loop as one kernel. */
export interface LoopKernel {
  /**
   * Parameters: the inputs of the equation up to the carry, then its outputs, from which the carry is read at the start
   * and to which it is written at the end.
   */
  readonly kernel: Kernel;
  /** How many of the last inputs are a carry. */
  readonly carry: number;
}

/** The kernel of a loop that fits; undefined for all other equations. */
export function makeLoopKernel(equation: Equation, traits: TargetTraits): LoopKernel | undefined {
  if (isPrimitive(equation, "while") && fitsWhileKernel(equation)) {
    return { kernel: whileKernel(equation), carry: equation.outputs.length };
  }
  if (isPrimitive(equation, "scan") && fitsMemberKernel(equation)) {
    return { kernel: memberKernel(equation, traits), carry: 0 };
  }
  return undefined;
}

function isPrimitive<P extends PrimitiveName>(equation: Equation, primitive: P): equation is Equation<P> {
  return equation.primitive === primitive;
}

function whileKernel(equation: Equation<"while">): Kernel {
  const { condition, body, conditionConstants, bodyConstants } = equation.parameters;
  const block = createBlock();
  const carryAt = conditionConstants + bodyConstants;
  const inputs = equation.inputs.map((atom, base): Copies => {
    const isKnown = atom.kind === "constant" && base < carryAt;
    return [isKnown ? constantElements(atom) : loadElements(block, base, atom.type)];
  });
  const results = writeWhile(block, equation, inputs, 1);
  equation.outputs.forEach(({ type }, i) => {
    storeElements(block, carryAt + i, type, copyOf(results[i] as Copies, 0));
  });
  return kernelOf(equation, equation.inputs.length, block, operationsIn(condition) + operationsIn(body));
}

function memberKernel(equation: Equation<"scan">, traits: TargetTraits): Kernel {
  const { body, bound, constants } = equation.parameters;
  const lanes = lanesOf(body, traits);
  const block = createBlock();
  const fixed = body.inputs.slice(0, constants).map(({ type }, i): Copies => [loadElements(block, 1 + i, type)]);
  let from = 0;
  for (const [width, copies] of [
    [lanes, sideBySide],
    [lanes, 1],
    [1, 1],
  ] as const) {
    const step = width * copies;
    const to = from + Math.floor((bound - from) / step) * step;
    if (to > from) {
      block.loop("member", from, to, step, (inner, counter) => {
        writeMembers(inner, equation, fixed, { counter, lanes: width, copies });
      });
    }
    from = to;
  }
  return kernelOf(equation, equation.inputs.length + equation.outputs.length, block, operationsIn(body) * bound);
}

/** Which members one turn of the outer loop takes. */
interface Members {
  readonly counter: LoopVariable;
  readonly lanes: number;
  readonly copies: number;
}

function writeMembers(block: Block, equation: Equation<"scan">, fixed: readonly Copies[], members: Members): void {
  const { body, constants } = equation.parameters;
  const slices = body.inputs.slice(constants).map(({ type }, i): Copies => {
    return Array.from({ length: members.copies }, (_, copy) =>
      Array.from({ length: sizeOf(type.shape) }, (_, element) => {
        const { address, access } = memberPlace(1 + constants + i, type, members, copy, element);
        return block.name("slice", build.load(type.dtype, members.lanes, address, access));
      }),
    );
  });
  const scope: ElementScope = { block, loop: (inner, inputs) => writeWhile(block, inner, inputs, members.lanes) };
  const results = programElements(scope, body, [...fixed, ...slices]);
  results.forEach((result, i) => {
    const { type } = body.outputs[i] as Atom;
    for (let copy = 0; copy < members.copies; copy++) {
      copyOf(result, copy).forEach((value, element) => {
        const { address, access } = memberPlace(1 + body.inputs.length + i, type, members, copy, element);
        block.store(address, build.splat(members.lanes, value), access);
      });
    }
  });
}

/** An element of one vector of members in a tensor with the members along its first axis. */
function memberPlace(
  base: number,
  { dtype, shape }: TensorType,
  { counter, lanes }: Members,
  copy: number,
  element: number,
): { readonly address: Address; readonly access: Parameters<typeof build.load>[3] } {
  const stride = sizeOf(shape) * bytesOf(dtype);
  const address = build.address(base, copy * lanes * stride + element * bytesOf(dtype), [{ loop: counter, stride }]);
  const isContiguous = lanes === 1 || stride === bytesOf(dtype);
  return { address, access: isContiguous ? { kind: "contiguous" } : { kind: "strided", stride } };
}

/** Lanes of a vector of the widest elements. */
function lanesOf(program: Program, { vectorBytes }: TargetTraits): number {
  const isWide = ({ inputs, equations, outputs }: Program): boolean =>
    [...inputs, ...outputs, ...equations.flatMap((each) => each.outputs)].some(
      ({ type }) => type.dtype === "float64",
    ) ||
    equations.some(({ primitive, parameters }) => {
      if (primitive !== "while") return false;
      const { condition, body } = parameters as Equation<"while">["parameters"];
      return isWide(condition) || isWide(body);
    });
  return vectorBytes / (isWide(program) ? 8 : 4);
}

/**
 * A while in registers. In several lanes or copies a member whose condition fails keeps its carry; the loop ends when
 * all are done.
 */
function writeWhile(
  block: Block,
  { parameters }: Equation<"while">,
  inputs: readonly Copies[],
  lanes: number,
): readonly Copies[] {
  const { condition, body, conditionConstants, bodyConstants } = parameters;
  const asked = inputs.slice(0, conditionConstants);
  const fixed = inputs.slice(conditionConstants, conditionConstants + bodyConstants);
  const copies = Math.max(1, ...inputs.map((each) => each.length));
  const carry = inputs
    .slice(conditionConstants + bodyConstants)
    .map((start) =>
      Array.from({ length: copies }, (_, copy) =>
        copyOf(start, copy).map((value) => block.variable("carry", build.splat(lanes, value))),
      ),
    );
  const current = (): readonly Copies[] => carry.map((leaf) => leaf.map((elements) => elements.map(build.read)));
  const isActive = (into: Block): readonly Expression[] => {
    const [flag] = programElements(scopeOf(into, lanes), condition, [...asked, ...current()]);
    return Array.from({ length: copies }, (_, copy) =>
      build.splat(lanes, copyOf(flag as Copies, copy)[0] as Expression),
    );
  };
  const active = isActive(block).map((flag) => block.variable("active", flag));
  block.whileAny(active.map(build.read).reduce(build.or), (turn) => {
    const next = programElements(scopeOf(turn, lanes), body, [...fixed, ...current()]);
    const isAlone = lanes === 1 && copies === 1;
    const changes = carry.flatMap((leaf, i) =>
      leaf.flatMap((locals, copy) =>
        locals.map((local, element): Change => {
          const value = build.splat(lanes, copyOf(next[i] as Copies, copy)[element] as Expression);
          const kept = build.read(local);
          return { local, value: isAlone ? value : build.select(build.read(active[copy] as Local), value, kept) };
        }),
      ),
    );
    setTogether(turn, changes);
    isActive(turn).forEach((flag, copy) => void turn.set(active[copy] as Local, flag));
  });
  return current();
}

interface Change {
  readonly local: Local;
  readonly value: Expression;
}

/** Sets locals to values that are all found before any of them changes. */
function setTogether(block: Block, changes: readonly Change[]): void {
  const found = changes.map(({ local, value }) => ({ local, value: block.name("next", value) }));
  for (const { local, value } of found) block.set(local, value);
}

function scopeOf(block: Block, lanes: number): ElementScope {
  return { block, loop: (equation, inputs) => writeWhile(block, equation, inputs, lanes) };
}

function loadElements(block: Block, base: number, { dtype, shape }: TensorType): Elements {
  return Array.from({ length: sizeOf(shape) }, (_, i) =>
    block.name("input", build.load(dtype, 1, build.address(base, i * bytesOf(dtype)))),
  );
}

function storeElements(block: Block, base: number, { dtype }: TensorType, elements: Elements): void {
  elements.forEach((value, i) => void block.store(build.address(base, i * bytesOf(dtype)), value));
}

function kernelOf(equation: Equation, parameters: number, block: Block, operations: number): Kernel {
  const bytes = [...equation.inputs, ...equation.outputs].reduce((sum, atom) => sum + tensorBytes(atom), 0);
  const note = { equations: [showEquation(equation)], operations, bytes };
  return { name: equation.primitive, parameters, body: block.statements, note };
}
