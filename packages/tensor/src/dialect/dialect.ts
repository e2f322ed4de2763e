/**
 * Dialects: parts of the language that come with the operations that make them.
 *
 * A dialect is a few primitives with all that transforms and lowering know of them, in one object, total over its names. The
 * operations in `library/` emit through it, which loads it, and those it stands on, when one is first called: a page that
 * does not import them does not carry their rules. What is loaded stays, and changes nothing but that programs with these
 * primitives can be transformed and lowered.
 */

import { type LoopKernelRule, loadedLoopKernels } from "../lower/loop-kernel-form.ts";
import { loadedPasses, type PassesFor } from "../lower/passes-for.ts";
import { loadedPointRows, type PointRow } from "../lower/point-row.ts";
import { loadedSimplifyRules, type Rule } from "../lower/simplify/rewriter.ts";
import type { DialectName, Parameters, PrimitiveName, PrimitiveOf } from "../program/primitive.ts";
import { loadedShapeRules, type ShapeRules } from "../program/shape-rule.ts";
import { type BatchRules, loadedBatchRules } from "../rules/batch-rule.ts";
import { type JvpRules, loadedJvpRules } from "../rules/jvp-rule.ts";
import { loadedTransposeRules, type TransposeRules } from "../rules/transpose-rule.ts";
import { emit } from "../trace/builder.ts";
import type { Tensor } from "../trace/tensor.ts";
import { loadedSplitRules, type SplitRules } from "../transform/split-form.ts";

/** All that is known of the primitives of a dialect beyond their meaning and the kind of work they are. */
export interface Dialect<D extends DialectName> {
  /** Dialects of whose primitives its rules and definitions are made. */
  readonly needs: readonly AnyDialect[];
  /** Of the types of operands, those of the results; `scan` is known without. */
  readonly infer: Pick<ShapeRules, Exclude<PrimitiveOf<D>, "scan">>;
  readonly jvp: Pick<JvpRules, PrimitiveOf<D>>;
  readonly transpose: Pick<TransposeRules, PrimitiveOf<D>>;
  readonly batch: Pick<BatchRules, PrimitiveOf<D>>;
  /** Of those that hold programs and can be cut in a part that is known before any tangent and a part that is not. */
  readonly split?: Partial<Pick<SplitRules, PrimitiveOf<D>>>;
  readonly lowering: { readonly [P in PrimitiveOf<D>]: Lowering<P> };
}

/**
 * What lowering makes of a primitive: other equations, an expression by element, or a kernel of its own; and the passes over
 * whole programs that are there for it.
 */
export type Lowering<P extends PrimitiveName> =
  | {
      readonly simplify: Rule<P>;
      readonly kernel?: LoopKernelRule<P>;
      readonly passes?: P extends keyof PassesFor ? PassesFor[P] : never;
    }
  | { readonly point: PointRow }
  | { readonly kernel: LoopKernelRule<P> };

/** One of them. */
export type AnyDialect = { readonly [D in DialectName]: Dialect<D> }[DialectName];

/** @internal Those that are loaded. */
export const loadedDialects: Set<AnyDialect> = new Set();

/** Makes the primitives of a dialect known to all transforms and to lowering, and of those it needs. */
export function load(dialect: AnyDialect): void {
  if (loadedDialects.has(dialect)) return;
  loadedDialects.add(dialect);
  loadedShapeRules.add(dialect.infer);
  loadedJvpRules.add(dialect.jvp);
  loadedTransposeRules.add(dialect.transpose);
  loadedBatchRules.add(dialect.batch);
  if (dialect.split !== undefined) loadedSplitRules.add(dialect.split);
  for (const [primitive, lowering] of Object.entries(
    dialect.lowering as Readonly<Record<string, Lowering<PrimitiveName>>>,
  )) {
    if ("simplify" in lowering) loadedSimplifyRules.add({ [primitive]: lowering.simplify });
    if ("point" in lowering) loadedPointRows.add({ [primitive]: lowering.point });
    if ("kernel" in lowering) loadedLoopKernels.add({ [primitive]: lowering.kernel });
    if ("passes" in lowering) loadedPasses.add({ [primitive]: lowering.passes });
  }
  for (const other of dialect.needs) load(other);
}

/** Appends one equation of a primitive of a dialect to the program under construction; the dialect is then loaded. */
export function emitOf<D extends DialectName, P extends PrimitiveOf<D>>(
  dialect: Dialect<D>,
  primitive: P,
  parameters: Parameters[P],
  inputs: readonly Tensor[],
): Tensor[] {
  load(dialect as unknown as AnyDialect);
  return emit(primitive, parameters, inputs);
}

/** The same, of a primitive with a single result. */
export function emitOneOf<D extends DialectName, P extends PrimitiveOf<D>>(
  dialect: Dialect<D>,
  primitive: P,
  parameters: Parameters[P],
  inputs: readonly Tensor[],
): Tensor {
  return emitOf(dialect, primitive, parameters, inputs)[0] as Tensor;
}
