/**
 * The workloads that only solve, by id: one file each or one for several solvers.
 */
import { ensemble } from "./ensemble.ts";
import { lorenz, lorenzDopri5 } from "./lorenz.ts";
import type { SolveWorkload } from "./solve-workload.ts";

/** Every workload that only solves, in the order in which reports show them. */
export const solveWorkloads: readonly SolveWorkload[] = [lorenz, lorenzDopri5, ensemble];
