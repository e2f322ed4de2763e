/**
 * Random programs over all primitives: up to 60 equations and transforms, loops and transforms within each other to
 * depth three, in all element types, with arguments for them.
 */
import { isFloat } from "../../dtype.ts";
import type { TensorType } from "../../program/program.ts";
import type { HostTensor } from "../../pytree.ts";
import { primitiveCases } from "../primitive-cases.ts";
import { bodiedStep, type GrowBody } from "./bodied-steps.ts";
import { below, chance, drawsFrom, pick } from "./draw.ts";
import { Growth, randomTensor, type Settings } from "./growth.ts";
import { caseStep, extents, isDrawn, plainStep } from "./plain-steps.ts";
import type { Plain, Sketch } from "./sketch.ts";

/** A sketch and arguments. */
export interface RandomSketch {
  readonly sketch: Sketch;
  readonly inputs: readonly HostTensor[];
}

/** Equations of the largest program. */
export const mostEquations = 60;

const holdsPrograms = ["scan", "while", "switch", "checkpoint", "custom", "linear"] as const;
const plain = Object.keys(primitiveCases).filter(
  (name) => !(holdsPrograms as readonly string[]).includes(name),
) as Plain[];

/** The sketch of a seed. */
export function randomSketch(seed: number, settings: Partial<Settings> = {}): RandomSketch {
  const draw = drawsFrom(seed);
  const smooth = settings.smooth ?? false;
  const dtype = smooth || chance(draw, 0.6) ? "float64" : "float32";
  const inputs = inputTypes(draw, dtype).map((type) => randomTensor(draw, type));
  const all = { reversible: false, dtype, ...settings, smooth } as const;
  const growth = new Growth(draw, all, inputs, mostEquations);
  grow(growth, 7 + Math.floor(50 * draw() ** 1.9));
  const sinks = growth.sinks();
  return { sketch: growth.finish(sinks.length === 0 ? [growth.count - 1] : sinks), inputs };
}

function inputTypes(draw: () => number, dtype: "float32" | "float64"): TensorType[] {
  const [rows, columns] = [pick(draw, extents), pick(draw, extents)];
  const shapes = [[rows, columns], [columns], [rows], [], [rows, columns], [1 + below(draw, 4), columns]];
  const floats = Array.from({ length: 2 + below(draw, 3) }, () => ({ dtype, shape: pick(draw, shapes) }));
  const others: TensorType[] = [
    { dtype: "int32", shape: [] },
    { dtype: pick(draw, ["int32", "uint32", "bool"]), shape: pick(draw, shapes) },
  ];
  return [{ dtype, shape: [rows, columns] }, ...floats.slice(1), ...others.filter(() => chance(draw, 0.6))];
}

/** Long to compile, as are decompositions of matrices, which are used by their cases. */
const dear: ReadonlySet<string> = new Set(["lgamma", "digamma", "erf", "erfc", "pow"]);
/** What is dear is taken less often. */
const deck = plain.flatMap((name) => Array.from({ length: !isDrawn(name) ? 1 : dear.has(name) ? 3 : 12 }, () => name));

/** Adds steps until there are so many, or no more fit. */
const grow: GrowBody = (growth, size) => {
  for (let turn = 0; turn < 3 * size && growth.size < Math.min(size, growth.size + growth.room); turn++) {
    if (growth.depth < 3 && chance(growth.draw, growth.depth === 0 ? 0.12 : 0.2)) bodiedStep(growth, grow);
    else if (chance(growth.draw, 0.02)) caseStep(growth, pick(growth.draw, holdsPrograms));
    else plainStep(growth, pick(growth.draw, deck));
  }
  // Something of floats must come of it.
  if (!growth.sinks().some((index) => isFloat(growth.type(index).dtype))) growth.plain("sin", {}, growth.float());
};
