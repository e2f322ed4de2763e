/**
 * What `--quick` does without: systems that take long before they can be measured.
 */
import type { System } from "./systems.ts";

/**
 * Peers by workload, with the seconds of processor time that importing, compiling and the first round took: all above 4.5.
 */
const slowPeers: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  "vin-sv": { torch: 4.6, jax: 10 },
  "spiral-node": { torch: 10, jax: 10 },
  "spiral-node-tsit5": { jax: 9 },
  "sho-node": { torch: 5, "torch-plain": 5, jax: 36 },
  "sho-node-adaptive": { torch: 12, jax: 14 },
  sympflow: { torch: 4.8, "torch-plain": 8, jax: 8 },
  cnf: { torch: 4.8, "torch-plain": 4.8, jax: 23 },
  "lagrangian-node": { torch: 4.6, "torch-plain": 7, jax: 9 },
  "helmholtz-kepler": { torch: 8, "torch-plain": 11, jax: 7 },
  lnn: { jax: 4.7 },
  "lnn-600": { torch: 4.6, "torch-plain": 5, jax: 5 },
  "vin-pixels": { torch: 7, "torch-plain": 6, jax: 10 },
  "lorenz-dopri5": { torchdiffeq: 7 },
};

/** Workloads that take long to compile or to run, of which only our fast targets are measured. */
const large: readonly string[] = [
  "spiral-node",
  "spiral-node-tsit5",
  "sho-node",
  "sho-node-adaptive",
  "sympflow",
  "cnf",
  "lagrangian-node",
  "helmholtz-kepler",
  "lnn-600",
  "vin-pixels",
];
const exact: readonly string[] = ["wasm", "native"];

/** The same systems, without those that take too long on a workload. */
export function withoutSlow(systems: readonly System[]): readonly System[] {
  return systems.map((system) => ({
    ...system,
    start: (workload) => {
      const reason = reasonAgainst(system.name, workload);
      return reason === undefined ? system.start(workload) : { skip: `left out of --quick: ${reason}` };
    },
  }));
}

function reasonAgainst(system: string, workload: string): string | undefined {
  if (large.includes(workload) && exact.includes(system)) return "the fast form is measured";
  const seconds = slowPeers[workload]?.[system];
  return seconds === undefined ? undefined : `it needs ${seconds} s before the first round`;
}
