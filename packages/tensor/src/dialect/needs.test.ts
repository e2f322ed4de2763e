/**
 * Each dialect alone: its rules and definitions ask for no primitive of a dialect that it does not name as needed.
 *
 * All that was loaded is forgotten before each, and loaded again at the end.
 */
import { afterAll, describe, expect, it } from "vitest";
import { isFloat } from "../dtype.ts";
import { loadedLoopKernels } from "../lower/loop-kernel-form.ts";
import { lower } from "../lower/lower.ts";
import { loadedPasses } from "../lower/passes-for.ts";
import { loadedPointRows } from "../lower/point-row.ts";
import { loadedSimplifyRules } from "../lower/simplify/rewriter.ts";
import { simplify } from "../lower/simplify.ts";
import { narrowTraits } from "../lower/testing/run-lowered.ts";
import { add, convert, mul } from "../ops/elementwise.ts";
import { sum } from "../ops/reduction.ts";
import { type DialectName, dialects, type PrimitiveName } from "../program/primitive.ts";
import type { Program } from "../program/program.ts";
import { loadedShapeRules } from "../program/shape-rule.ts";
import { subprograms } from "../program/subprograms.ts";
import { isOfDialect } from "../program/table.ts";
import { loadedBatchRules } from "../rules/batch-rule.ts";
import { loadedJvpRules } from "../rules/jvp-rule.ts";
import { loadedTransposeRules } from "../rules/transpose-rule.ts";
import type { PrimitiveCase } from "../testing/primitive-case.ts";
import { primitiveCases } from "../testing/primitive-cases.ts";
import { full, type Tensor } from "../trace/tensor.ts";
import { type Spec, trace } from "../trace/trace.ts";
import { grad, jvp } from "../transform/differentiate.ts";
import { loadedSplitRules } from "../transform/split-form.ts";
import { vmap } from "../transform/vmap.ts";
import { all, loadAll } from "./all.ts";
import { load, loadedDialects } from "./dialect.ts";

const tables = [
  loadedShapeRules,
  loadedJvpRules,
  loadedTransposeRules,
  loadedBatchRules,
  loadedSplitRules,
  loadedSimplifyRules,
  loadedPointRows,
  loadedLoopKernels,
  loadedPasses,
];

function forget(): void {
  loadedDialects.clear();
  for (const { rows } of tables) for (const name of Object.keys(rows)) Reflect.deleteProperty(rows, name);
}

/** The sum of the squares of all results that are floats. */
const total = (results: readonly Tensor[]): Tensor =>
  results
    .filter(({ dtype }) => isFloat(dtype))
    .reduce((whole, x) => add(whole, convert(sum(mul(x, x)), "float64")), full([], 0, "float64"));

type OfList = (inputs: Tensor[]) => Tensor[];

/** A case, and the derivative of its gradient for two members: every rule, and what they make of each other. */
function formsOf({ apply, forwardOnly, derivativeIsZero }: PrimitiveCase): readonly [OfList, OfList] {
  const plain: OfList = (inputs) => apply(...inputs);
  const gradient: OfList = (inputs) => grad((x: Tensor[]) => total(plain(x)))(inputs) as unknown as Tensor[];
  const once = forwardOnly === true || derivativeIsZero === true ? plain : gradient;
  const twice: OfList = (inputs) => jvp(once as never, [inputs], [inputs])[1] as unknown as Tensor[];
  return [plain, (inputs) => vmap(twice)(inputs)];
}

/** What lowering would meet and not know. */
function unknownIn({ equations }: Program): PrimitiveName[] {
  return equations.flatMap(({ primitive, parameters }) => {
    const row = loadedPointRows.get(primitive) ?? loadedLoopKernels.get(primitive);
    const isKnown = !isOfDialect(primitive) || primitive === "scan" || row !== undefined;
    return [...(isKnown ? [] : [primitive]), ...subprograms(primitive, parameters).flatMap(unknownIn)];
  });
}

describe("a dialect alone", () => {
  afterAll(loadAll);

  it.each(Object.keys(dialects) as DialectName[])("%s", (name) => {
    for (const primitive of dialects[name] as readonly PrimitiveName[]) {
      const [one] = primitiveCases[primitive] as readonly [PrimitiveCase];
      formsOf(one).forEach((form, i) => {
        forget();
        load(all[name]);
        const specs = one.inputs.map(({ dtype, shape }): Spec => ({ dtype, shape: i === 0 ? shape : [2, ...shape] }));
        const { program } = trace(form as never, [specs]);
        expect(unknownIn(simplify(program)), one.name).toEqual([]);
      });
    }
  });

  it("is refused with a way out while it is not loaded", () => {
    loadAll();
    const [svd] = primitiveCases.svd as readonly [PrimitiveCase];
    const { program } = trace((...inputs: Tensor[]) => svd.apply(...inputs), [...svd.inputs]);
    forget();
    expect(() => lower(program, narrowTraits)).toThrow(
      "Cannot lower svd: expected its rules, got a program with it before any operation that makes it was called",
    );
  });
});
