/**
 * Meaning of the primitives that move elements, by walking over multi-indices.
 */
import { allocate } from "../../dtype.ts";
import type { HostTensor } from "../../pytree.ts";
import { type Shape, sizeOf, stridesOf } from "../../shape.ts";
import type { Evaluator } from "./evaluator.ts";

type Movement =
  | "iota"
  | "broadcast"
  | "reshape"
  | "transpose"
  | "reverse"
  | "slice"
  | "pad"
  | "concatenate"
  | "gather"
  | "scatterAdd"
  | "addAt";

/** Calls `visit` with every multi-index of a shape, in row-major order, and its position in that order. */
export function walk(shape: Shape, visit: (index: readonly number[], position: number) => void): void {
  const index = shape.map(() => 0);
  const size = sizeOf(shape);
  for (let position = 0; position < size; position++) {
    visit(index, position);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = (index[axis] as number) + 1;
      if ((index[axis] as number) < (shape[axis] as number)) break;
      index[axis] = 0;
    }
  }
}

/** The position of a multi-index. */
export function positionOf(index: readonly number[], strides: readonly number[]): number {
  return index.reduce((sum, i, axis) => sum + i * (strides[axis] as number), 0);
}

function pull(x: HostTensor, shape: Shape, source: (index: readonly number[]) => readonly number[]): HostTensor[] {
  const data = allocate(x.dtype, sizeOf(shape));
  const strides = stridesOf(x.shape);
  walk(shape, (index, position) => {
    data[position] = x.data[positionOf(source(index), strides)] as number;
  });
  return [{ dtype: x.dtype, shape, data }];
}

function clamp(index: number, extent: number): number {
  return Math.max(0, Math.min(extent - 1, index));
}

/** The operand with slices of `updates` added at `indices`, in float64. */
function added(
  operand: HostTensor,
  updates: HostTensor | undefined,
  indices: HostTensor | undefined,
  batch: number,
): HostTensor {
  const { shape: full, data: values } = updates as HostTensor;
  const where = indices as HostTensor;
  const { dtype, shape } = operand;
  const data = Float64Array.from(operand.data);
  const [from, to] = [stridesOf(where.shape), stridesOf(shape)];
  walk(full, (index, position) => {
    const at = where.data[positionOf(index.slice(0, where.shape.length), from)] as number;
    const chosen = clamp(at, shape[batch] as number);
    const target = positionOf([...index.slice(0, batch), chosen, ...index.slice(where.shape.length)], to);
    data[target] = (data[target] as number) + (values[position] as number);
  });
  const rounded = allocate(dtype, data.length);
  rounded.set(data);
  return { dtype, shape, data: rounded };
}

/** One evaluator for each movement primitive. */
export const movement: { [P in Movement]: Evaluator<P> } = {
  iota: ({ dtype, shape, axis }) => {
    const data = allocate(dtype, sizeOf(shape));
    walk(shape, (index, position) => {
      data[position] = index[axis] as number;
    });
    return [{ dtype, shape, data }];
  },
  broadcast: ({ shape, axes }, [x]) => {
    const { shape: small } = x as HostTensor;
    return pull(x as HostTensor, shape, (index) =>
      axes.map((axis, i) => (small[i] === 1 ? 0 : (index[axis] as number))),
    );
  },
  reshape: ({ shape }, [x]) => [{ ...(x as HostTensor), shape }],
  transpose: ({ permutation }, [x], [type]) =>
    pull(x as HostTensor, type?.shape ?? [], (index) =>
      permutation.map((_, axis) => index[permutation.indexOf(axis)] as number),
    ),
  reverse: ({ axes }, [x]) => {
    const { shape } = x as HostTensor;
    return pull(x as HostTensor, shape, (index) =>
      index.map((i, axis) => (axes.includes(axis) ? (shape[axis] as number) - 1 - i : i)),
    );
  },
  slice: ({ start, stride }, [x], [type]) =>
    pull(x as HostTensor, type?.shape ?? [], (index) =>
      index.map((i, axis) => (start[axis] as number) + i * (stride[axis] as number)),
    ),
  pad: ({ low, interior }, [x], [type]) => {
    const { dtype, shape: inner, data: source } = x as HostTensor;
    const shape = type?.shape ?? [];
    const data = allocate(dtype, sizeOf(shape));
    const strides = stridesOf(shape);
    walk(inner, (index, position) => {
      const target = index.map((i, axis) => (low[axis] as number) + i * ((interior[axis] as number) + 1));
      data[positionOf(target, strides)] = source[position] as number;
    });
    return [{ dtype, shape, data }];
  },
  concatenate: ({ axis }, inputs, [type]) => {
    const { dtype, shape } = type as HostTensor;
    const data = allocate(dtype, sizeOf(shape));
    const strides = stridesOf(shape);
    let offset = 0;
    for (const part of inputs) {
      walk(part.shape, (index, position) => {
        const target = index.map((i, a) => (a === axis ? i + offset : i));
        data[positionOf(target, strides)] = part.data[position] as number;
      });
      offset += part.shape[axis] as number;
    }
    return [{ dtype, shape, data }];
  },
  gather: ({ batch }, [x, indices], [type]) => {
    const source = x as HostTensor;
    const where = indices as HostTensor;
    const strides = stridesOf(where.shape);
    return pull(source, type?.shape ?? [], (index) => {
      const chosen = where.data[positionOf(index.slice(0, where.shape.length), strides)] as number;
      return [
        ...index.slice(0, batch),
        clamp(chosen, source.shape[batch] as number),
        ...index.slice(where.shape.length),
      ];
    });
  },
  scatterAdd: ({ batch }, [updates, indices], [type]) => {
    const { dtype, shape } = type as HostTensor;
    return [added({ dtype, shape, data: allocate(dtype, sizeOf(shape)) }, updates, indices, batch)];
  },
  addAt: ({ batch }, [operand, updates, indices]) => [added(operand as HostTensor, updates, indices, batch)],
};
