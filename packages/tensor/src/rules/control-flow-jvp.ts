/**
 * Derivatives of loops: the loop over (value, tangent). Which parts of the carry have a tangent is found before the body
 * is derived, by following what reads them from turn to turn.
 */

import { isFloat } from "../dtype.ts";
import { zerosLike } from "../ops/movement.ts";
import { arrange, cut, where } from "../program/arrange.ts";
import type { Program, Variable } from "../program/program.ts";
import { reachThroughLoop, type Spreading, toldByBodies } from "../program/reach.ts";
import { emit } from "../trace/builder.ts";
import type { Tensor } from "../trace/tensor.ts";
import { flatPrimitives } from "./flat-primitives.ts";
import type { JvpRule, Tangent, WithTangents } from "./jvp-rule.ts";

const flat: ReadonlySet<string> = new Set(flatPrimitives);

/** How tangents spread. */
const spreading: Spreading = {
  passes: ({ primitive, outputs }) => {
    if (toldByBodies(primitive)) return undefined;
    return !flat.has(primitive) && outputs.some(({ type }) => isFloat(type.dtype));
  },
  fillsWhile: () => false,
  known: new WeakMap(),
};

/** The parts of the carry of a loop that have a tangent in some turn, from the inputs of its body that have one. */
export function carryMask(
  body: Program,
  constants: number,
  carry: number,
  nonzero: readonly boolean[],
): readonly boolean[] {
  const { carried } = reachThroughLoop(body, constants, carry, nonzero, spreading);
  // An equation with results of both kinds marks its integers too.
  return carried.map((flag, i) => flag && isFloat((body.inputs[constants + i] as Variable).type.dtype));
}

const isNonzero = (tangents: readonly Tangent[]): boolean[] => tangents.map((tangent) => tangent !== null);

const instantiate = (tensors: readonly Tensor[], tangents: readonly Tangent[], mask: readonly boolean[]): Tensor[] =>
  where(
    mask,
    tensors.map((tensor, i) => tangents[i] ?? zerosLike(tensor)),
  );

/** Tangents put back at their places. */
function spread(mask: readonly boolean[], tensors: readonly Tensor[]): Tangent[] {
  let next = 0;
  return mask.map((flag) => (flag ? (tensors[next++] as Tensor) : null));
}

/**
 * Inputs grouped as [values, tangents] of each of `lengths`, from all values followed by all tangents; each marked value has
 * `width` tangents.
 */
export function interleave<T>(
  values: readonly T[],
  tangents: readonly T[],
  lengths: readonly number[],
  masks: readonly (readonly boolean[])[],
  width = 1,
): T[] {
  const counts = masks.map((mask) => width * where(mask, mask).length);
  const parts = cut(values, ...lengths);
  const tangentParts = cut(tangents, ...counts);
  return masks.flatMap((_, i) => [...(parts[i] as T[]), ...(tangentParts[i] as T[])]);
}

/** The rule of `scan`. */
export const scanJvp: JvpRule<"scan"> = (parameters, [length, ...inputs], [, ...tangents], transform) => {
  const { body, constants, carry } = parameters;
  const sequences = inputs.length - constants - carry;
  const [fixed, , series] = cut(isNonzero(tangents), constants, carry) as [boolean[], boolean[], boolean[]];
  const mask = carryMask(body, constants, carry, isNonzero(tangents));
  const forced = body.outputs.map((_, i) => mask[i] === true);
  const derived = transform(body, [...fixed, ...mask, ...series], forced);
  const { program } = derived;
  const lengths = [constants, carry, sequences];
  const masks = [fixed, mask, series];
  const own = constants + carry + sequences;
  const [values, valueTangents] = [program.inputs.slice(0, own), program.inputs.slice(own)];
  const outputs = body.outputs.length;
  const resultMask = derived.nonzero.slice(carry);
  const outputLengths = [carry, outputs - carry];
  const outputMasks = [mask, resultMask];
  const newBody = arrange(
    program,
    interleave(values, valueTangents, lengths, masks),
    interleave(program.outputs.slice(0, outputs), program.outputs.slice(outputs), outputLengths, outputMasks),
  );
  const given = instantiate(inputs, tangents, masks.flat());
  const count = (list: readonly boolean[]): number => list.filter(Boolean).length;
  const results = emit(
    "scan",
    { ...parameters, body: newBody, constants: constants + count(fixed), carry: carry + count(mask) },
    [length as Tensor, ...interleave(inputs, given, lengths, masks)],
  );
  const separated = separate(results, outputLengths, outputMasks);
  return { primals: separated.primals, tangents: spread(outputMasks.flat(), separated.tangents) };
};

/** The rule of `while`: the condition looks at values only. */
export const whileJvp: JvpRule<"while"> = (parameters, inputs, tangents, transform): WithTangents => {
  const { condition, body, conditionConstants, bodyConstants } = parameters;
  const [test, fixed, state] = cut(inputs, conditionConstants, bodyConstants) as [Tensor[], Tensor[], Tensor[]];
  const [, fixedTangents, stateTangents] = cut(tangents, conditionConstants, bodyConstants) as [
    Tangent[],
    Tangent[],
    Tangent[],
  ];
  const constantMask = isNonzero(fixedTangents);
  const start = isNonzero(stateTangents);
  const mask = carryMask(body, constantMask.length, start.length, [...constantMask, ...start]);
  const { program } = transform(body, [...constantMask, ...mask], mask);
  const own = fixed.length + state.length;
  const newBody = arrange(
    program,
    interleave(
      program.inputs.slice(0, own),
      program.inputs.slice(own),
      [fixed.length, state.length],
      [constantMask, mask],
    ),
    program.outputs,
  );
  const extra = where(mask, program.inputs.slice(fixed.length, own)).map(({ type }) => ({
    kind: "variable" as const,
    type,
  }));
  const newCondition: Program = { ...condition, inputs: [...condition.inputs, ...extra] };
  const startTangents = instantiate(state, stateTangents, mask);
  const constantTangents = where(constantMask, fixedTangents) as Tensor[];
  const results = emit(
    "while",
    {
      condition: newCondition,
      body: newBody,
      conditionConstants,
      bodyConstants: fixed.length + constantTangents.length,
    },
    [...test, ...fixed, ...constantTangents, ...state, ...startTangents],
  );
  return { primals: results.slice(0, state.length), tangents: spread(mask, results.slice(state.length)) };
};

/** The inverse of `interleave` on results. */
export function separate(
  results: readonly Tensor[],
  lengths: readonly number[],
  masks: readonly (readonly boolean[])[],
  width = 1,
): { readonly primals: readonly Tensor[]; readonly tangents: readonly Tensor[] } {
  const counts = lengths.flatMap((length, i) => [
    length,
    width * where(masks[i] as boolean[], masks[i] as boolean[]).length,
  ]);
  const parts = cut(results, ...counts);
  return {
    primals: lengths.flatMap((_, i) => parts[2 * i] as Tensor[]),
    tangents: lengths.flatMap((_, i) => parts[2 * i + 1] as Tensor[]),
  };
}
