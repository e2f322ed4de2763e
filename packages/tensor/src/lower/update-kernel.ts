/**
 * The kernel of `updateSlice`: for each member one run of neighbouring elements, copied to where the start says. The
 * operand is already where the result is.
 */
import { createBlock } from "../kernel/block.ts";
import * as build from "../kernel/build.ts";
import type { TargetTraits } from "../kernel/kernel.ts";
import type { Atom, Equation } from "../program/program.ts";
import { sizeOf } from "../shape.ts";
import { bytesOf } from "./element-bytes.ts";
import type { LoopKernel } from "./loop-kernel-form.ts";
import { showEquation } from "./make-kernel.ts";

/** The kernel of an equation: its parameters are the update, the starts and the result. */
export function makeUpdateKernel(equation: Equation<"updateSlice">, { vectorBytes }: TargetTraits): LoopKernel {
  const { batch } = equation.parameters;
  const [operand, update] = equation.inputs as readonly [Atom, Atom, Atom];
  const { dtype } = operand.type;
  const bytes = bytesOf(dtype);
  const [extent, width] = [operand, update].map(({ type }) => type.shape[batch] as number) as [number, number];
  const slice = sizeOf(operand.type.shape.slice(batch + 1));
  const members = sizeOf(operand.type.shape.slice(0, batch));
  const size = width * slice;
  const lanes = vectorBytes / bytes;
  const block = createBlock();
  block.loop("member", 0, size === 0 ? 0 : members, 1, (body, member) => {
    const given = build.load("int32", 1, build.address(1, 0, [{ loop: member, stride: 4 }]));
    const start = body.name("start", build.max(build.min(given, extent - width), 0));
    const offset = body.name("offset", build.mul(start, slice * bytes));
    const copy = (from: number, to: number, step: number): void =>
      body.loop("element", from, to, step, (inner, element) => {
        const along = { loop: element, stride: bytes };
        const value = build.load(dtype, step, build.address(0, 0, [{ loop: member, stride: size * bytes }, along]));
        const place = [{ loop: member, stride: extent * slice * bytes }, along];
        inner.store(build.address(2, 0, place, offset), value);
      });
    const whole = size - (size % lanes);
    if (whole > 0) copy(0, whole, lanes);
    if (whole < size) copy(whole, size, 1);
  });
  const note = { equations: [showEquation(equation)], operations: 0, bytes: 2 * members * size * bytes };
  return {
    kernel: { name: "updateSlice", parameters: 3, body: block.statements, note },
    carry: { from: 0, count: 1 },
    scratch: 0,
  };
}
