/**
 * Workloads that are large enough for several threads.
 */
import { helmholtzKepler } from "../workloads/helmholtz-kepler.ts";
import { largeHnn } from "../workloads/hnn.ts";
import { vinPixels } from "../workloads/vin-pixels.ts";
import type { Workload } from "../workloads/workload.ts";

/** They are to gain on two threads. */
export const largeWorkloads: readonly Workload[] = [largeHnn, helmholtzKepler, vinPixels];
