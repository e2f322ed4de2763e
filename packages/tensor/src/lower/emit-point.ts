/**
 * Points and stores as statements: loads and stores with their addresses, indices, point operations.
 */
import type { DType } from "../dtype.ts";
import * as build from "../kernel/build.ts";
import type { Access, Address, Expression } from "../kernel/kernel.ts";
import type { Affine } from "./affine.ts";
import { applyPoint } from "./apply-point.ts";
import { bytesOf } from "./element-bytes.ts";
import { coefficient, copiesOf, type Emission, read, results, type Scope, vectorStep } from "./emission.ts";
import type { Dynamic, NestStore, Point, Source } from "./nest.ts";

/** Computes a point in every copy, in the scope's block. */
export function emitPoint(emission: Emission, scope: Scope, point: Point): void {
  const copies = copiesOf(emission, scope, point);
  const values = Array.from({ length: copies }, (_, copy) => computePoint(emission, scope, point, copy));
  scope.values.set(point, values);
}

/** The results of a point (several for those that have parts) in one copy. */
function computePoint(emission: Emission, scope: Scope, point: Point, copy: number): readonly Expression[] {
  const { block } = scope;
  switch (point.kind) {
    case "number":
      return [build.number(point.dtype, 1, point.value)];
    case "load":
      return [block.name("x", emitLoad(emission, scope, point, copy))];
    case "index":
      return [block.name("n", emitIndex(emission, scope, point.form, point.dtype, copy))];
    case "part":
      return [results(scope, point.of, copy)[point.part] as Expression];
    case "fold":
      return [foldCopies(emission, scope, point, copy)];
    case "reduce":
      return [];
    case "apply": {
      const lanes = emission.varying.has(point) ? scope.lanes : 1;
      const inputs = point.inputs.map((input) => read(scope, input, copy, lanes));
      const made = applyPoint(block, point.primitive, point.parameters, inputs);
      return made.map((value) => block.name("v", value));
    }
  }
}

/** The start and every vector of the row that belongs to these lanes. */
function foldCopies(
  emission: Emission,
  scope: Scope,
  point: Extract<Point, { kind: "fold" }>,
  copy: number,
): Expression {
  const { block, lanes } = scope;
  let total = read(scope, point.start, copy, lanes);
  for (let other = copy; other < scope.copies; other += copiesOf(emission, scope, point)) {
    total = block.name("f", build.add(total, read(scope, point.input, other, lanes)));
  }
  return total;
}

function emitLoad(emission: Emission, scope: Scope, point: Extract<Point, { kind: "load" }>, copy: number): Expression {
  const at = emitAddress(emission, scope, point.source, point.offset, copy, point.dynamic);
  const step = vectorStep(emission, point.offset);
  if (step === 0 || scope.lanes === 1) return build.load(point.dtype, 1, at);
  const access = step === 1 ? ({ kind: "contiguous" } as const) : strided(step * bytesOf(point.dtype));
  return build.load(point.dtype, scope.lanes, at, access);
}

function strided(stride: number): Access {
  return { kind: "strided", stride };
}

function emitAddress(
  emission: Emission,
  scope: Scope,
  source: Source,
  form: Affine,
  copy: number,
  dynamic: Dynamic | undefined,
): Address {
  const { plan, counters } = emission;
  const bytes = bytesOf(source.type.dtype);
  const terms = plan.loops.flatMap((_, loop) => {
    const stride = coefficient(plan, form, loop) * bytes;
    return stride === 0 ? [] : (counters[loop] ?? []).map((counter) => ({ loop: counter, stride }));
  });
  const offset = (form.constant + copy * scope.lanes * vectorStep(emission, form)) * bytes;
  const extra = dynamic && build.mul(read(scope, dynamic.index, copy, 1), dynamic.stride * bytes);
  return build.address(emission.baseOf(source), offset, terms, extra);
}

function emitIndex(emission: Emission, scope: Scope, form: Affine, dtype: DType, copy: number): Expression {
  const { plan, counters } = emission;
  const lanes = vectorStep(emission, form) === 0 ? 1 : scope.lanes;
  const start = form.constant + copy * scope.lanes * vectorStep(emission, form);
  let total = build.number("int32", lanes, start);
  plan.loops.forEach((_, loop) => {
    const factor = coefficient(plan, form, loop);
    if (factor === 0) return;
    (counters[loop] ?? []).forEach((counter, i, all) => {
      // Only the innermost counter of the lane loop runs over lanes.
      const own = build.index(counter, loop === plan.vector && i === all.length - 1 ? lanes : 1);
      total = build.add(build.mul(build.splat(lanes, own), factor), total);
    });
  });
  return build.convert(dtype, total);
}

/** Writes a store in every copy. */
export function emitStore(emission: Emission, scope: Scope, store: NestStore): void {
  const { target, point, offset, dynamic } = store;
  const step = vectorStep(emission, offset);
  const isVector = step !== 0 && scope.lanes > 1;
  const copies = step === 0 ? 1 : emission.folded.has(point) ? copiesOf(emission, scope, point) : scope.copies;
  const access =
    !isVector || step === 1 ? ({ kind: "contiguous" } as const) : strided(step * bytesOf(target.type.dtype));
  for (let copy = 0; copy < copies; copy++) {
    const lanes = isVector ? scope.lanes : 1;
    const value = read(scope, point, copy, lanes);
    const at = emitAddress(emission, scope, target, offset, copy, dynamic);
    const before = store.accumulate === true ? build.load(target.type.dtype, lanes, at, access) : undefined;
    scope.block.store(at, before === undefined ? value : build.add(before, value), access);
  }
}
