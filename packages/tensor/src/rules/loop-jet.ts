/**
 * Taylor coefficients of equations that hold programs: the loop over (value, coefficients).
 */
import { arrange, cut, either, where } from "../program/arrange.ts";
import { infer } from "../program/infer.ts";
import type { Program, TensorType } from "../program/program.ts";
import { emit } from "../trace/builder.ts";
import type { Tensor } from "../trace/tensor.ts";
import { carryMask, interleave, separate } from "./control-flow-jvp.ts";
import type { JetContext, JetRule } from "./jet-rule.ts";
import type { Tangent } from "./jvp-rule.ts";
import { type Series, series, tensorAt } from "./series.ts";

const moves = ({ still }: Series): boolean => !still;
const coefficients = (input: Series, order: number): Tensor[] =>
  Array.from({ length: order }, (_, k) => tensorAt(input, k + 1));
const count = (mask: readonly boolean[]): number => mask.filter(Boolean).length;

/** Values and, for each, the coefficients 1 … order, or null where all are zero. */
interface Results {
  readonly primals: readonly Tensor[];
  readonly coefficients: readonly (readonly Tensor[] | null)[];
}

/** One equation for all orders, or one for each where inputs are known only so far. */
function byOrder(
  types: readonly TensorType[],
  { order }: JetContext,
  run: (order: number) => Results,
): readonly Series[] {
  const made = new Map<number, Results>();
  const upTo = (k: number): Results => {
    const found = made.get(order ?? k) ?? run(order ?? k);
    made.set(order ?? k, found);
    return found;
  };
  return types.map((type, i) =>
    series(type, (k): Tangent => {
      const { primals, coefficients: above } = upTo(k);
      return k === 0 ? (primals[i] as Tensor) : (above[i]?.[k - 1] ?? null);
    }),
  );
}

const typesOf = (inputs: readonly Series[]): TensorType[] => inputs.map(({ type }) => type);

/** Coefficients put back at their places. */
function spread(mask: readonly boolean[], tensors: readonly Tensor[], order: number): (readonly Tensor[] | null)[] {
  let next = 0;
  return mask.map((flag) => {
    if (!flag) return null;
    next += order;
    return tensors.slice(next - order, next);
  });
}

/** The rule of `checkpoint`. */
export const checkpointJet: JetRule<"checkpoint"> = ({ body }, inputs, context) =>
  byOrder(infer("checkpoint", { body }, typesOf(inputs)), context, (order) => {
    const mask = inputs.map(moves);
    const { program, nonzero } = context.jet(body, mask, order);
    const results = emit("checkpoint", { body: program }, [
      ...inputs.map((input) => tensorAt(input, 0)),
      ...where(mask, inputs).flatMap((input) => coefficients(input, order)),
    ]);
    const own = body.outputs.length;
    return { primals: results.slice(0, own), coefficients: spread(nonzero, results.slice(own), order) };
  });

/** The rule of `switch`: the branches of values and coefficients; what one branch lacks is zero there. */
export const switchJet: JetRule<"switch"> = ({ branches }, inputs, context) =>
  byOrder(infer("switch", { branches }, typesOf(inputs)), context, (order) => {
    const mask = inputs.slice(1).map(moves);
    const found = branches.map((branch) => context.jet(branch, mask, order).nonzero).reduce(either);
    const results = emit(
      "switch",
      { branches: branches.map((branch) => context.jet(branch, mask, order, found).program) },
      [
        ...inputs.map((input) => tensorAt(input, 0)),
        ...where(mask, inputs.slice(1)).flatMap((input) => coefficients(input, order)),
      ],
    );
    return {
      primals: results.slice(0, found.length),
      coefficients: spread(found, results.slice(found.length), order),
    };
  });

/** The rule of `scan`. */
export const scanJet: JetRule<"scan"> = (parameters, [length, ...inputs], context) => {
  const { body, constants, carry } = parameters;
  const types = infer("scan", parameters, typesOf([length as Series, ...inputs]));
  const given = inputs.map(moves);
  const [fixed, , slices] = cut(given, constants, carry) as [boolean[], boolean[], boolean[]];
  const mask = carryMask(body, constants, carry, given);
  const masks = [fixed, mask, slices];
  const lengths = [constants, carry, slices.length];
  return byOrder(types, context, (order) => {
    const forced = body.outputs.map((_, i) => mask[i] === true);
    const { program, nonzero } = context.jet(body, masks.flat(), order, forced);
    const own = inputs.length;
    const outputs = body.outputs.length;
    const outputLengths = [carry, outputs - carry];
    const outputMasks = [mask, nonzero.slice(carry)];
    const newBody = arrange(
      program,
      interleave(program.inputs.slice(0, own), program.inputs.slice(own), lengths, masks, order),
      interleave(program.outputs.slice(0, outputs), program.outputs.slice(outputs), outputLengths, outputMasks, order),
    );
    const values = inputs.map((input) => tensorAt(input, 0));
    const above = where(masks.flat(), inputs).flatMap((input) => coefficients(input, order));
    const results = emit(
      "scan",
      {
        ...parameters,
        body: newBody,
        constants: constants + order * count(fixed),
        carry: carry + order * count(mask),
      },
      [tensorAt(length as Series, 0), ...interleave(values, above, lengths, masks, order)],
    );
    const { primals, tangents } = separate(results, outputLengths, outputMasks, order);
    return { primals, coefficients: spread(outputMasks.flat(), tangents, order) };
  });
};

/** The rule of `while`: the condition looks at values only. */
export const whileJet: JetRule<"while"> = (parameters, inputs, context) => {
  const { condition, body, conditionConstants, bodyConstants } = parameters;
  const types = infer("while", parameters, typesOf(inputs));
  const [test, fixed, state] = cut(inputs, conditionConstants, bodyConstants) as [Series[], Series[], Series[]];
  const constantMask = fixed.map(moves);
  const mask = carryMask(body, fixed.length, state.length, [...constantMask, ...state.map(moves)]);
  return byOrder(types, context, (order) => {
    const { program } = context.jet(body, [...constantMask, ...mask], order, mask);
    const own = fixed.length + state.length;
    const newBody = arrange(
      program,
      interleave(
        program.inputs.slice(0, own),
        program.inputs.slice(own),
        [fixed.length, state.length],
        [constantMask, mask],
        order,
      ),
      program.outputs,
    );
    const extra = where(mask, program.inputs.slice(fixed.length, own)).flatMap(({ type }) =>
      Array.from({ length: order }, () => ({ kind: "variable" as const, type })),
    );
    const newCondition: Program = { ...condition, inputs: [...condition.inputs, ...extra] };
    const constantsAbove = where(constantMask, fixed).flatMap((input) => coefficients(input, order));
    const results = emit(
      "while",
      {
        condition: newCondition,
        body: newBody,
        conditionConstants,
        bodyConstants: fixed.length + constantsAbove.length,
      },
      [
        ...[...test, ...fixed].map((input) => tensorAt(input, 0)),
        ...constantsAbove,
        ...state.map((input) => tensorAt(input, 0)),
        ...where(mask, state).flatMap((input) => coefficients(input, order)),
      ],
    );
    return { primals: results.slice(0, state.length), coefficients: spread(mask, results.slice(state.length), order) };
  });
};
