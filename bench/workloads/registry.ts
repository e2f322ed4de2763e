/**
 * The workloads that are measured, by id: one file each. Their reference numbers are in `reference/ID.json`.
 */
import { cnf } from "./cnf.ts";
import { helmholtzKepler } from "./helmholtz-kepler.ts";
import { hnn } from "./hnn.ts";
import { lagrangianNode } from "./lagrangian-node.ts";
import { lnn, lnn600 } from "./lnn.ts";
import { shoNode } from "./sho-node.ts";
import { shoNodeAdaptive } from "./sho-node-adaptive.ts";
import { spiralNode, spiralNodeTsit5 } from "./spiral-node.ts";
import { sympflow } from "./sympflow.ts";
import { vinPixels } from "./vin-pixels.ts";
import { vinSv } from "./vin-sv.ts";
import type { Workload } from "./workload.ts";

/** Every workload, in the order in which reports show them. */
export const workloads: readonly Workload[] = [
  vinSv,
  hnn,
  spiralNode,
  spiralNodeTsit5,
  shoNode,
  shoNodeAdaptive,
  sympflow,
  cnf,
  lagrangianNode,
  helmholtzKepler,
  lnn,
  lnn600,
  vinPixels,
];
