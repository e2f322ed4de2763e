/**
 * The kernels of a module, each distinct one once.
 *
 * Kernels are told apart by a key made before they are: the nests they come from, with everything in memory numbered in
 * order of appearance. Addresses are arguments, so the same loops over other memory are the same function, and repeated
 * parts of a program cost neither code nor time to generate it.
 */
import type { Kernel } from "../kernel/kernel.ts";
import { formKey } from "./affine.ts";
import type { Dynamic, Nest, Point, Source } from "./nest.ts";

export interface KernelTable {
  readonly kernels: readonly Kernel[];
  /** The number of the kernel with this key, made now if there is none. */
  find(key: string, make: () => Kernel): number;
}

/** An empty table. */
export function createKernelTable(): KernelTable {
  const kernels: Kernel[] = [];
  const numbers = new Map<string, number>();
  return {
    kernels,
    find: (key, make) => {
      const before = numbers.get(key);
      if (before !== undefined) return before;
      const number = kernels.push(make()) - 1;
      numbers.set(key, number);
      return number;
    },
  };
}

/** What is in memory for some nests, in order of appearance: the parameters of their kernel. */
export function sourcesOf(nests: readonly Nest[]): readonly Source[] {
  const sources = new Set<Source>();
  for (const { points, stores } of nests) {
    for (const point of points) if (point.kind === "load") sources.add(point.source);
    for (const { target } of stores) sources.add(target);
  }
  return [...sources];
}

/** A string that is the same for nests that do the same to their sources. */
export function nestsKey(nests: readonly Nest[], sources: readonly Source[]): string {
  const numbers = new Map<Source, number>(sources.map((source, i) => [source, i]));
  return nests.map((nest) => nestKey(nest, numbers)).join("/");
}

function nestKey({ domain, reduced, points, stores }: Nest, sources: ReadonlyMap<Source, number>): string {
  const numbers = new Map<Point, number>();
  const parts: string[] = [domain.join(), reduced.map(Number).join("")];
  const dynamicKey = (dynamic: Dynamic | undefined): string =>
    dynamic === undefined ? "" : `d${numbers.get(dynamic.index)}*${dynamic.stride}`;
  for (const point of points) {
    numbers.set(point, numbers.size);
    parts.push(`${point.dtype} ${pointKey(point, numbers, sources, dynamicKey)}`);
  }
  for (const { target, point, offset, dynamic, accumulate } of stores) {
    const place = `${sources.get(target)}@${formKey(offset)}${dynamicKey(dynamic)}`;
    parts.push(`${place}${accumulate === true ? "+" : ""}=${numbers.get(point)} ${target.type.dtype}`);
  }
  return parts.join("|");
}

function pointKey(
  point: Point,
  numbers: ReadonlyMap<Point, number>,
  sources: ReadonlyMap<Source, number>,
  dynamicKey: (dynamic: Dynamic | undefined) => string,
): string {
  switch (point.kind) {
    case "number":
      return Object.is(point.value, -0) ? "-0" : String(point.value);
    case "load":
      return `l${sources.get(point.source)}@${formKey(point.offset)}${dynamicKey(point.dynamic)}`;
    case "index":
      return `i${formKey(point.form)}`;
    case "apply":
      return `${point.primitive}(${point.inputs.map((input) => numbers.get(input)).join()})`;
    case "part":
      return `${numbers.get(point.of)}.${point.part}`;
    case "fold":
      return `f${point.lanes}(${numbers.get(point.start)},${numbers.get(point.input)})`;
    case "reduce":
      return `${point.primitive}${numbers.get(point.input)}`;
  }
}
