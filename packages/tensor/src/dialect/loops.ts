/**
 * Loops and branches. Lowering knows `scan` without it, since tiles of a batch are one; what it does for `while` comes from
 * here.
 */
import { joinReplays } from "../lower/join-replay.ts";
import { makeMemberKernel } from "../lower/loop-kernel-map.ts";
import { isWhileKernel, makeWhileKernel } from "../lower/loop-kernel-while.ts";
import { membersInside } from "../lower/members-inside.ts";
import { carriesWithoutStart } from "../lower/records-without-start.ts";
import { openSwitch } from "../lower/simplify/open-switch.ts";
import { simplifyWhile } from "../lower/simplify/simplify-while.ts";
import { simplifyAgain } from "../lower/simplify.ts";
import { loopShapes } from "../program/infer-loops.ts";
import { scanBatch, whileBatch } from "../rules/control-flow-batch.ts";
import { scanJvp, whileJvp } from "../rules/control-flow-jvp.ts";
import { scanTranspose } from "../rules/control-flow-transpose.ts";
import { switchBatch, switchJvp, switchTranspose } from "../rules/switch.ts";
import { splitScan, splitWhile } from "../transform/split-loop.ts";
import { splitSwitch } from "../transform/split-switch.ts";
import type { Dialect } from "./dialect.ts";

/** The dialect. */
export const loops: Dialect<"loops"> = {
  needs: [],
  infer: loopShapes,
  jvp: { scan: scanJvp, while: whileJvp, switch: switchJvp },
  transpose: { scan: scanTranspose, while: "nonlinear", switch: switchTranspose },
  batch: { scan: scanBatch, while: whileBatch, switch: switchBatch },
  split: { scan: splitScan, while: splitWhile, switch: splitSwitch },
  lowering: {
    scan: { kernel: makeMemberKernel },
    while: {
      simplify: simplifyWhile(simplifyAgain),
      kernel: makeWhileKernel,
      passes: { isWhileKernel, joinReplays, membersInside, carriesWithoutStart },
    },
    switch: { simplify: openSwitch },
  },
};
