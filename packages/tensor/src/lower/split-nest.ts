/**
 * A nest that does many things side by side as nests that do one of them each.
 *
 * Results by the hundred over one iteration space share a loop, whatever they have in common. Where that is nothing, the
 * parts are often the same work on other memory: each by itself, they share one kernel.
 */
import { inputsOf, type Nest, type NestStore, type Point, type Source } from "./nest.ts";

/** The part of a nest with nothing in common with the rest; the parts run in any order. */
interface Part {
  readonly points: Point[];
  readonly stores: NestStore[];
}

/**
 * The nests of what has nothing in common. `memoryOf` tells where something lies: what reads or writes the same memory
 * stays together, so that everything is still read before it is written over.
 */
export function splitNest(nest: Nest, memoryOf: (source: Source) => unknown): readonly Nest[] {
  const { points, stores, domain, reduced } = nest;
  const parents = new Map<unknown, unknown>();
  const rootOf = (node: unknown): unknown => {
    let root = node;
    for (let next = parents.get(root); next !== undefined; next = parents.get(root)) root = next;
    for (let each = node; each !== root; ) {
      const next = parents.get(each);
      parents.set(each, root);
      each = next;
    }
    return root;
  };
  const unite = (a: unknown, b: unknown): void => {
    const [first, second] = [rootOf(a), rootOf(b)];
    if (first !== second) parents.set(first, second);
  };
  for (const point of points) {
    for (const input of inputsOf(point)) unite(point, input);
    if (point.kind === "load" && point.source.kind === "variable") unite(point, memoryOf(point.source));
  }
  for (const { target, point, dynamic } of stores) {
    unite(point, memoryOf(target));
    if (dynamic !== undefined) unite(point, dynamic.index);
  }
  const parts = new Map<unknown, Part>();
  const partOf = (point: Point): Part => {
    const root = rootOf(point);
    const part = parts.get(root) ?? { points: [], stores: [] };
    parts.set(root, part);
    return part;
  };
  for (const point of points) partOf(point).points.push(point);
  for (const store of stores) partOf(store.point).stores.push(store);
  return [...parts.values()].filter((part) => part.stores.length > 0).map((part) => ({ domain, reduced, ...part }));
}
