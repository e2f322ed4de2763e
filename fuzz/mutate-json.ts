/**
 * Good JSON, changed and still JSON: what a reader must check that does more than parse. A member is taken away, doubled
 * under another name, or replaced by a value of another kind or size. Every other file is damaged byte by byte instead.
 */
import { mutations } from "./mutate.ts";
import { Random } from "./random.ts";

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type Holder = Json[] | { [name: string]: Json };

const senseless: readonly Json[] = [
  null,
  true,
  "",
  "x",
  "__proto__",
  "\u0000",
  "../..",
  "NaN",
  -1,
  0,
  0.5,
  1e308,
  -1e308,
  2 ** 31,
  2 ** 53,
  1e9,
  [],
  [[]],
  [null],
  {},
  { length: 1e9 },
  { "": {} },
  "[".repeat(1000),
];

/** Damaged files, as `mutations` gives them, of files that are JSON. */
export function jsonMutations(files: readonly Uint8Array[], seed: number): (index: number) => Uint8Array {
  const parsed = files.map((file) => new TextDecoder().decode(file));
  const bytewise = mutations(files, seed);
  return (index) => {
    if (index % 2 === 0) return bytewise(index);
    const random = new Random(seed, index);
    const root = { file: JSON.parse(random.pick(parsed)) as Json };
    for (let turn = 0; turn <= random.below(3); turn++) change(random.pick(holdersIn(root)), random);
    return new TextEncoder().encode(JSON.stringify(root.file ?? null));
  };
}

function holdersIn(value: Json): Holder[] {
  if (typeof value !== "object" || value === null) return [];
  return [value].concat(Object.values(value).flatMap(holdersIn));
}

function change(holder: Holder, random: Random): void {
  const members = holder as { [name: string]: Json };
  const name = random.pick(Object.keys(members));
  if (name === undefined) return;
  const value = members[name] as Json;
  const turn = random.below(6);
  if (turn === 0 && Array.isArray(holder)) holder.splice(Number(name), 1);
  else if (turn === 0 && name !== "file") delete members[name];
  else if (turn === 1 && Array.isArray(holder)) holder.push(value);
  else if (turn === 1) members[`${name}2`] = value;
  else if (turn === 2 && typeof value === "number") members[name] = random.pick([-value, value * 1e9, value + 0.5]);
  else if (turn === 3 && typeof value === "string") members[name] = value.slice(random.below(value.length));
  else members[name] = structuredClone(random.pick(senseless));
}
