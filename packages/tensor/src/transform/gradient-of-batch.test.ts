/**
 * Batching before reverse mode: the gradient of a sum over a batch, on every primitive, where members have inputs of
 * their own and share the others. The contract of derivatives batches after it.
 */
import { expect, test } from "vitest";
import { isFloat } from "../dtype.ts";
import type { PrimitiveCase } from "../testing/primitive-case.ts";
import { allCases } from "../testing/primitive-cases.ts";
import { gradientsOfBatchAgree } from "../testing/random/derivative-laws.ts";
import type { Body } from "../testing/random/sketch.ts";
import type { Tensor } from "../trace/tensor.ts";

const reversible = allCases.filter(
  ({ inputs, forwardOnly }) => forwardOnly !== true && inputs.some(({ dtype }) => isFloat(dtype)),
);

test.each(reversible.map((item) => [item.name, item] as const))("%s", (_, item: PrimitiveCase) => {
  // Floats first, as the law wants them.
  const order = item.inputs
    .map((__, i) => i)
    .sort(
      (a, b) => Number(!isFloat(item.inputs[a]?.dtype as "bool")) - Number(!isFloat(item.inputs[b]?.dtype as "bool")),
    );
  const f: Body = (tensors) => item.apply(...item.inputs.map((__, i) => tensors[order.indexOf(i)] as Tensor));
  const inputs = order.map((i) => item.inputs[i] as PrimitiveCase["inputs"][number]);
  const alone = inputs.length > 1 ? inputs.map((__, i) => inputs.map((___, k) => k === i)) : [];
  for (const axes of [inputs.map(() => true), ...alone]) {
    expect(gradientsOfBatchAgree(f, inputs, axes), `members have ${axes.join()}`).toBeNull();
  }
});
