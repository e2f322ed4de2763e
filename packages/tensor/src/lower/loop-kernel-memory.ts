/**
 * Elements of tensors between memory and registers; a long axis is cut into vectors.
 */
import type { Block } from "../kernel/block.ts";
import * as build from "../kernel/build.ts";
import type { Access, Address, Expression, LoopVariable, TargetTraits } from "../kernel/kernel.ts";
import type { TensorType } from "../program/program.ts";
import { sizeOf, stridesOf } from "../shape.ts";
import { bytesOf } from "./element-bytes.ts";
import { type Copies, copyOf } from "./loop-kernel-elements.ts";

/** One vector of the long axis. */
export interface Chunk {
  /** Its first position. */
  readonly at: number;
  readonly lanes: number;
  /** How many of its first lanes repeat positions of the chunk before. */
  readonly repeated: number;
}

/** A chunk for what has no long axis. */
export const single: readonly Chunk[] = [{ at: 0, lanes: 1, repeated: 0 }];

/**
 * The vectors of an axis. The last one ends where the axis does and repeats positions when it must: they are computed
 * and stored twice, to the same bits. An axis shorter than a vector is cut into single elements.
 */
export function chunksOf(extent: number, isWide: boolean, { vectorBytes }: TargetTraits): readonly Chunk[] {
  const widest = vectorBytes / (isWide ? 8 : 4);
  const lanes = widest <= extent ? widest : 1;
  return Array.from({ length: Math.ceil(extent / lanes) }, (_, i) => {
    const at = Math.min(i * lanes, extent - lanes);
    return { at, lanes, repeated: i * lanes - at };
  });
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
