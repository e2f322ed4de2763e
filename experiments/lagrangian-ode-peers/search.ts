/**
 * The rate of each model: the same rates, on the same data sets, none of which is among those that are compared. What
 * decides is the error of the positions inside, which anyone with held-out data knows. Writes `search.json`; what is there
 * is not made again.
 *
 * `npm run experiment -- lagrangian-ode-peers search [MODEL,MODEL]`
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { lagrangianOdePeers, lagrangianOdeSizes, trainPeer } from "@leastaction/dynamics";
import { native } from "@leastaction/native";
import { environment } from "../environment.ts";

interface Tried {
  readonly model: string;
  readonly rate: number;
  readonly seed: number;
  readonly status: string;
  readonly restarts: number;
  readonly steps: number;
  /** s of processor time. */
  readonly seconds: number;
  readonly errors: Readonly<Record<string, number>> | null;
}

const file = "experiments/lagrangian-ode-peers/search.json";
const rates = [0.07, 0.02, 0.007];
const seeds = [1000, 1001];
/** s of processor time; a training that is not done by then counts as failed. */
const longest = 60;
const sizes = { ...lagrangianOdeSizes.quick };
const target = native({ contract: true, accuracy: "fast" });
const tried = known();

const wanted = process.argv[3]?.split(",") ?? lagrangianOdePeers.map(({ name }) => name);

for (const seed of seeds) {
  for (const peer of lagrangianOdePeers.filter(({ name }) => wanted.includes(name))) {
    for (const rate of rates) {
      if (tried.some((one) => one.model === peer.name && one.rate === rate && one.seed === seed)) continue;
      const begin = process.cpuUsage().user;
      const spent = (): number => (process.cpuUsage().user - begin) / 1e6;
      const stop = new AbortController();
      const { status, restarts, steps, errors } = await trainPeer(peer, {
        sizes,
        seed,
        rate,
        marks: [sizes.steps],
        target,
        signal: stop.signal,
        onStep: () => spent() > longest && stop.abort(),
      });
      const seconds = Math.round(spent());
      const found = errors.get(sizes.steps) ?? null;
      tried.push({ model: peer.name, rate, seed, status, restarts, steps, seconds, errors: found });
      console.error(JSON.stringify(tried.at(-1)));
      const text = JSON.stringify({ ...environment("lagrangian-ode-peers", ["search"]), sizes, tried }, null, 2);
      writeFileSync(file, `${text}\n`);
    }
  }
}

function known(): Tried[] {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as { readonly tried: Tried[] }).tried : [];
}
