/**
 * What lowering knows while it goes through a program: where its variables are, and in which loops it is.
 */
import type { TargetTraits } from "../kernel/kernel.ts";
import type { Constant, Equation, Variable } from "../program/program.ts";
import { tensorBytes } from "./element-bytes.ts";
import type { KernelTable } from "./kernel-table.ts";
import type { Nest, Source } from "./nest.ts";
import { type Buffer, type LoopToken, type Place, type PlacedStep, wholeOf } from "./place.ts";
import type { PlannedProduct } from "./plan-product.ts";
import { aliasRoot, type Schedule } from "./schedule.ts";

/** What lowering carries through nested programs. */
export interface Lowering {
  readonly traits: TargetTraits;
  readonly table: KernelTable;
  /** The buffer of a constant, made on first use; fills are written out. */
  readonly constantPlace: (constant: Constant) => Place;
  /** Enclosing loops of the driver. */
  readonly loops: readonly LoopToken[];
  /** Simple operations from which on work is divided for several threads; undefined: none is. */
  readonly divided: number | undefined;
}

/** The loop whose body is being lowered, as seen from inside. */
export interface EnclosingLoop {
  readonly outer: Lowering;
  /** Inputs of the body that are the same in every turn. */
  readonly invariant: ReadonlySet<Source>;
  /** Steps that run once before the loop. */
  readonly before: PlacedStep[];
}

/** A product that waits for the step that puts its sums to use. */
export interface JoinedProduct {
  readonly nest: Nest;
  readonly planned: PlannedProduct;
  readonly equations: readonly Equation[];
}

/** A program that is being lowered. */
export interface Region {
  readonly lowering: Lowering;
  readonly enclosing: EnclosingLoop | undefined;
  /** Factors of products that have been transposed here, by what they are copies of. */
  readonly packed: Map<string, Variable>;
  readonly numbers: Map<Source, number>;
  /** Steps that run together with a product that has waited for them. */
  readonly joined: Map<number, JoinedProduct>;
  readonly schedule: Schedule;
  readonly places: Map<Variable, Place>;
}

/** New memory, inside the loops that are open. */
export function createBuffer({ loops }: Lowering, bytes: number): Buffer {
  return { bytes, loops, life: "temporary" };
}

/** Where a variable is, or the memory it is given now. */
export function placeOf(region: Region, variable: Variable): Place {
  const root = aliasRoot(region.schedule.definitions, variable);
  const before = region.places.get(root);
  if (before !== undefined) return before;
  const place = wholeOf(createBuffer(region.lowering, tensorBytes(root)));
  region.places.set(root, place);
  return place;
}

/** Where something that a nest reads or writes is. */
export function sourcePlace(region: Region, source: Source): Place {
  return source.kind === "constant" ? region.lowering.constantPlace(source) : placeOf(region, source);
}

/** Inside one more loop; the turns of a parallel one are not divided again. */
export function enter(region: Region, isParallel = false): { readonly token: LoopToken; readonly inner: Lowering } {
  const token: LoopToken = { kind: "loopToken", isParallel };
  const { loops, divided } = region.lowering;
  return { token, inner: { ...region.lowering, loops: [...loops, token], divided: isParallel ? undefined : divided } };
}
