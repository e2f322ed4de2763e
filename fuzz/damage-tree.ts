/**
 * Trees of JSON, damaged where it hurts: numbers set to extremes or to their neighbours, fields taken away, doubled,
 * exchanged, filled with parts of the same tree, renamed to names that objects have of their own, values of other types,
 * very long and very deep ones. What comes out is JSON again, so that readers look beyond its syntax.
 */
import type { Random } from "./random.ts";

/** A value of JSON. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Holder = Json[] | { [key: string]: Json };

/** One change of a tree, in place; the tree is an object or a list. */
export function damageTree(tree: Json, random: Random): void {
  const found = placeIn(tree, random);
  if (found !== null) random.pick(changes)(found.holder, found.key, random, tree);
}

interface Place {
  readonly holder: Holder;
  readonly key: string;
}

/** A place: down from the root, one of the keys at each level, until a leaf or by chance. */
function placeIn(tree: Json, random: Random): Place | null {
  let place: Place | null = null;
  let node = tree;
  while (isHolder(node)) {
    const keys = Object.keys(node);
    if (keys.length === 0 || (place !== null && random.below(7) === 0)) return place;
    place = { holder: node, key: random.pick(keys) };
    node = valueAt(place);
  }
  return place;
}

type Change = (holder: Holder, key: string, random: Random, tree: Json) => void;

const extremes: readonly Json[] = [0, 1, -1, 0.5, 2, 33, 255, 1e6, 2 ** 31, 2 ** 53, 1e308, -1e308, 5e-324, "NaN"];
const oddities: readonly Json[] = [
  null,
  true,
  "",
  "Infinity",
  "-0",
  "__proto__",
  "constructor",
  "a\nb",
  "float32",
  "int32",
];

const setNumber: Change = (holder, key, random) => set(holder, key, random.pick(extremes));

const nudge: Change = (holder, key, random) => {
  const value = valueAt({ holder, key });
  set(holder, key, typeof value === "number" ? value + random.pick([-1, 1, 1, 0.5, value]) : random.pick(extremes));
};

const setOdd: Change = (holder, key, random) => {
  const made = [(): Json => [], (): Json => ({}), (): Json => "x".repeat(10_000), (): Json => deep(2000)];
  set(holder, key, random.below(3) > 0 ? random.pick(oddities) : random.pick(made)());
};

const remove: Change = (holder, key) => {
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else Reflect.deleteProperty(holder, key);
};

const double: Change = (holder, key, random) => {
  if (!Array.isArray(holder)) return;
  const value = holder[Number(key)] as Json;
  const count = random.pick([1, 1, 1, 2, 40]);
  holder.splice(Number(key), 0, ...Array.from({ length: count }, () => structuredClone(value)));
};

const exchange: Change = (holder, key, random) => {
  const other = random.pick(Object.keys(holder));
  const [one, two] = [valueAt({ holder, key }), valueAt({ holder, key: other })];
  set(holder, key, two);
  set(holder, other, one);
};

const graft: Change = (holder, key, random, tree) => {
  const from = placeIn(tree, random);
  if (from !== null) set(holder, key, structuredClone(valueAt(from)));
};

const rename: Change = (holder, key, random) => {
  const value = valueAt({ holder, key });
  remove(holder, key, random, holder);
  set(holder, random.pick(["__proto__", "constructor", "body", "axes", "extra", key.toUpperCase()]), value);
};

const changes: readonly Change[] = [
  setNumber,
  setNumber,
  nudge,
  nudge,
  nudge,
  setOdd,
  remove,
  double,
  exchange,
  exchange,
  graft,
  graft,
  graft,
  rename,
];

function isHolder(node: Json): node is Holder {
  return typeof node === "object" && node !== null;
}

function valueAt({ holder, key }: Place): Json {
  return (holder as { [key: string]: Json })[key] as Json;
}

/** As `JSON.parse` does: `__proto__` is a key like any other. A list takes what has no place in it at its end. */
function set(holder: Holder, key: string, value: Json): void {
  if (Array.isArray(holder)) holder[Number.isNaN(Number(key)) ? holder.length : Number(key)] = value;
  else Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}

function deep(levels: number): Json {
  let value: Json = 1;
  for (let level = 0; level < levels; level++) value = [value];
  return value;
}
