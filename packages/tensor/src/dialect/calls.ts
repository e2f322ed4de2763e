/**
 * Programs inside programs that run once: computed again on the way back, with a derivative or a transpose of their own.
 */
import { openCall, openLinear } from "../lower/simplify/calls.ts";
import { callShapes } from "../program/infer-calls.ts";
import { checkpointBatch, customBatch, linearBatch } from "../rules/call-batch.ts";
import { checkpointJvp, customJvpRule, linearJvp } from "../rules/call-jvp.ts";
import { checkpointTranspose, linearTranspose } from "../rules/call-transpose.ts";
import { splitCheckpoint } from "../transform/split-checkpoint.ts";
import type { Dialect } from "./dialect.ts";

/** The dialect. */
export const calls: Dialect<"calls"> = {
  needs: [],
  infer: callShapes,
  jvp: { checkpoint: checkpointJvp, custom: customJvpRule, linear: linearJvp },
  transpose: { checkpoint: checkpointTranspose, custom: "nonlinear", linear: linearTranspose },
  batch: { checkpoint: checkpointBatch, custom: customBatch, linear: linearBatch },
  split: { checkpoint: splitCheckpoint },
  lowering: { checkpoint: { simplify: openCall }, custom: { simplify: openCall }, linear: { simplify: openLinear } },
};
