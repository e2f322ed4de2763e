/**
 * The baseline that nothing moves: the last position is held, the velocity is forgotten.
 */
import { array, mul, type Tensor } from "@leastaction/tensor";
import { defineModel } from "./define-model.ts";
import type { HostParameters, ModelDefinition } from "./model.ts";

/** Positions stay as they are. */
export const hold: ModelDefinition<HostParameters> = defineModel({
  name: "hold",
  summary: "The last measured position, held: what any forecast must beat.",
  kind: "baseline",
  trainable: false,
  init: (): HostParameters => ({ rate: array(Float64Array.of(0)) }),
  field: (_parameters, _t, state: Tensor): Tensor => mul(state, 0),
});
