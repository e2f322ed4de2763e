/**
 * The kernel of a map over members that holds a `while`: the lanes are members. Where it can be (`loop-kernel-refill.ts`) a
 * lane takes the next member as soon as it is done; elsewhere a member that is done keeps its carry until all lanes of its
 * vectors are, and the next ones follow.
 */
import { type Block, createBlock } from "../kernel/block.ts";
import * as build from "../kernel/build.ts";
import type { Access, Address, LoopVariable, TargetTraits } from "../kernel/kernel.ts";
import type { Atom, Equation, Program, TensorType } from "../program/program.ts";
import { sizeOf } from "../shape.ts";
import { bytesOf } from "./element-bytes.ts";
import { type Copies, copyOf, programElements } from "./loop-kernel-elements.ts";
import { fits, operationsIn } from "./loop-kernel-fit.ts";
import type { LoopKernel } from "./loop-kernel-form.ts";
import { scopeOfMembers } from "./loop-kernel-members.ts";
import { loadTensor } from "./loop-kernel-memory.ts";
import { finishLoop } from "./loop-kernel-plan.ts";
import { memberPartsOf, tableBytes, writeRefilled } from "./loop-kernel-refill.ts";
import { narrow } from "./loop-kernel-width.ts";

/**
 * Vectors of members that run side by side: their chains of dependent operations fill the gaps of each other. A third pays
 * where there are registers for it (pendulums with own step sizes: 8 % less time with 32, 35 % more with 16).
 */
const sideBySide = ({ registers }: TargetTraits): number => (registers > 16 ? 3 : 2);

/** The kernel of a scan that is such a map and fits. */
export function makeMemberKernel(equation: Equation<"scan">, traits: TargetTraits): LoopKernel | undefined {
  const { body, bound, constants } = equation.parameters;
  const operations = operationsIn(body);
  const whole = narrow(body, 1);
  if (!isMemberMap(equation) || whole === undefined || !fits([whole], operations)) return undefined;
  const lanes = lanesOf(body, traits);
  const block = createBlock(traits.accuracy);
  const fixed = body.inputs
    .slice(0, constants)
    .map(({ type }, i): Copies => loadTensor(block, { base: 1 + i }, type, undefined, []));
  const parts = bound > 1 ? memberPartsOf(body, constants) : undefined;
  if (parts !== undefined) {
    const copies = Math.min(sideBySide(traits), Math.ceil(bound / lanes));
    writeRefilled(block, equation, parts, fixed, { lanes, copies });
  } else writeTogether(block, equation, fixed, traits);
  const scratch = parts === undefined ? 0 : tableBytes(parts, lanes);
  return finishLoop(equation, block.statements, { from: 1 + constants, count: 0 }, operations * bound, scratch);
}

/** All members, those of a few vectors from their start to the end of the last one. */
function writeTogether(block: Block, equation: Equation<"scan">, fixed: readonly Copies[], traits: TargetTraits): void {
  const { body, bound } = equation.parameters;
  const lanes = lanesOf(body, traits);
  let from = 0;
  for (const [width, copies] of [
    [lanes, sideBySide(traits)],
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
}

/** Whether a scan is a map over members that holds a `while`. */
export function isMemberMap({ parameters: { body, carry, bound }, inputs: [length] }: Equation<"scan">): boolean {
  const isWhole = length?.kind === "constant" && typeof length.value === "number" && length.value >= bound;
  return isWhole && carry === 0 && body.equations.some(({ primitive }) => primitive === "while");
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
  const results = programElements(scopeOfMembers(block, members.lanes), body, [...fixed, ...slices]);
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
): { readonly address: Address; readonly access: Access } {
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
