/**
 * How large what the equations for g leave is for fields that were learned from noisy data of systems with a Lagrangian: the
 * floor below which it says nothing; beside rings of oscillators that have none.
 */
import { type Dataset, diagnoseData, hostRandom, readTable, simulate, systemNamed } from "@leastaction/dynamics";
import { type Coupling, oscillatorRing, ringMotions } from "../helmholtz-dimensions/oscillator-ring.ts";

/** One learned field. */
export interface FloorRow {
  readonly system: string;
  /** Coordinates. */
  readonly n: number;
  readonly seed: number;
  readonly hasLagrangian: boolean;
  /** Error of accelerations in pieces left out. */
  readonly fieldError: number | null;
  /** What the best regular g leaves, and how much fits to other draws of the data differ, medians over 48 states. */
  readonly left: number | null;
  readonly error: number | null;
  /** Share of states at which the first is three times the second. */
  readonly refuted: number | null;
  readonly verdict: string;
  /** Why, where it is open. */
  readonly reason: string;
}

/** Share of each column's standard deviation. */
const noise = 0.01;
const [motions, times] = [40, 81];

/** Rings of 2 to 4 oscillators of both kinds, and a double pendulum without friction, told as they come. */
export async function floorRows(
  seeds: readonly number[],
  done: (row: Pick<FloorRow, "system" | "n" | "seed">) => boolean,
  onRow: (row: FloorRow) => void,
): Promise<void> {
  for (const seed of seeds) {
    for (const { system, n, hasLagrangian, data } of knownOf(seed)) {
      if (done({ system, n, seed })) continue;
      onRow(await floorRow({ system, n, seed, hasLagrangian }, data()));
    }
  }
}

/** A one-sided ring of two is a mutual one, so that Douglas's case IV stands for it. */
function knownOf(seed: number) {
  const simulated = (name: string, duration: number) => () =>
    simulate(systemNamed(name), { seed, trajectories: motions, samples: times, duration, noise: { relative: noise } })
      .dataset;
  const rings = [2, 3, 4].flatMap((n) =>
    (["mutual", "one-sided"] as const).map((coupling) => ({
      system: `ring, ${coupling}`,
      n,
      hasLagrangian: coupling === "mutual",
      data: () => ringData(n, coupling, seed),
    })),
  );
  return [
    ...rings.filter(({ n, hasLagrangian }) => n > 2 || hasLagrangian),
    { system: "douglas-iv", n: 2, hasLagrangian: false, data: simulated("douglas-iv", 1) },
    { system: "double-pendulum", n: 2, hasLagrangian: true, data: simulated("double-pendulum", 5) },
  ];
}

async function floorRow(
  known: Pick<FloorRow, "system" | "n" | "seed" | "hasLagrangian">,
  dataset: Dataset,
): Promise<FloorRow> {
  const { fieldError, certificate, verdicts } = await diagnoseData(dataset, { steps: 1, timeBudget: 600 });
  const { verdict, reason } = verdicts.lagrangianTimeDependent;
  const { left = null, error = null, share: refuted = null } = certificate ?? {};
  return { ...known, fieldError, left, error, refuted, verdict, reason };
}

/** Positions and velocities of a ring with noise, as a table. */
function ringData(n: number, coupling: Coupling, seed: number): Dataset {
  const { data } = ringMotions(oscillatorRing(n, coupling, seed), motions, times, seed);
  const random = hostRandom(seed).fork(99);
  const width = 1 + 2 * n;
  const spreads = Array.from({ length: width }, (_, i) => {
    const column = Array.from(data as Float64Array).filter((__, at) => at % width === i);
    return i === 0 ? 0 : Math.sqrt(column.reduce((sum, value) => sum + value ** 2, 0) / column.length);
  });
  const rows = Array.from({ length: motions * times }, (_, row) => {
    const values = spreads.map((spread, i) => (data[row * width + i] as number) + noise * spread * random.normal());
    return [Math.floor(row / times), ...values].join(",");
  });
  const places = Array.from({ length: n }, (_, i) => `x${i + 1}`);
  const header = ["run", "t [s]", ...places.map((x) => `${x} [m]`), ...places.map((x) => `v${x} [m/s]`)].join(",");
  const columns: Record<string, string> = { run: "trajectory" };
  return readTable(`${header}\n${rows.join("\n")}\n`, { name: "ring.csv", columns });
}
