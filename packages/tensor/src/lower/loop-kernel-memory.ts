/**
 * Elements of tensors between memory and registers: a long axis is cut into vectors, and what the vectors leave over
 * into single elements.
 */
import type { Block } from "../kernel/block.ts";
import * as build from "../kernel/build.ts";
import type { Access, Address, Expression, LoopVariable, TargetTraits } from "../kernel/kernel.ts";
import type { TensorType } from "../program/program.ts";
import { sizeOf, stridesOf } from "../shape.ts";
import { bytesOf } from "./element-bytes.ts";
import { type Copies, copyOf } from "./loop-kernel-elements.ts";

/** One vector of the long axis: its first position and its lanes. */
export interface Chunk {
  readonly at: number;
  readonly lanes: number;
}

/** A chunk for what has no long axis. */
export const single: readonly Chunk[] = [{ at: 0, lanes: 1 }];

/** The vectors of an axis, and the elements left over. */
export function chunksOf(extent: number, isWide: boolean, { vectorBytes }: TargetTraits): readonly Chunk[] {
  const chunks: Chunk[] = [];
  let at = 0;
  for (let lanes = vectorBytes / (isWide ? 8 : 4); at < extent; lanes = lanes * (isWide ? 8 : 4) > 16 ? lanes / 2 : 1) {
    for (; at + lanes <= extent; at += lanes) chunks.push({ at, lanes });
  }
  return chunks;
}

/** A tensor in memory: which parameter, and what moves its address. */
export interface Memory {
  readonly base: number;
  readonly terms?: readonly { readonly loop: LoopVariable; readonly stride: number }[];
  readonly dynamic?: Expression;
}

/** The elements of a tensor; `axis` is the long one. */
export function loadTensor(
  block: Block,
  memory: Memory,
  type: TensorType,
  axis: number | undefined,
  chunks: readonly Chunk[],
): Copies {
  return (axis === undefined ? single : chunks).map((chunk) =>
    placesOf(memory, type, axis, chunk).map(({ address, access }) =>
      block.name("input", build.load(type.dtype, chunk.lanes, address, access)),
    ),
  );
}

/** Writes the elements of a tensor. */
export function storeTensor(
  block: Block,
  memory: Memory,
  type: TensorType,
  axis: number | undefined,
  chunks: readonly Chunk[],
  values: Copies,
): void {
  (axis === undefined ? single : chunks).forEach((chunk, copy) => {
    placesOf(memory, type, axis, chunk).forEach(({ address, access }, element) => {
      block.store(address, build.splat(chunk.lanes, copyOf(values, copy)[element] as Expression), access);
    });
  });
}

/** Where the elements of one chunk are, in row-major order of the other axes. */
function placesOf(
  { base, terms = [], dynamic }: Memory,
  { dtype, shape }: TensorType,
  axis: number | undefined,
  { at, lanes }: Chunk,
): readonly { readonly address: Address; readonly access: Access }[] {
  const bytes = bytesOf(dtype);
  const step = axis === undefined ? 0 : (stridesOf(shape)[axis] as number);
  const others = axis === undefined ? sizeOf(shape) : sizeOf(shape) / (shape[axis] as number);
  const access: Access = lanes === 1 || step === 1 ? { kind: "contiguous" } : { kind: "strided", stride: step * bytes };
  return Array.from({ length: others }, (_, element) => {
    const inner = step === 0 ? element : element % step;
    const outer = step === 0 ? 0 : Math.floor(element / step) * step * (shape[axis as number] as number);
    return { address: build.address(base, (outer + at * step + inner) * bytes, terms, dynamic), access };
  });
}
