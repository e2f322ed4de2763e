/**
 * How much processor time a step of each model takes, and with it how many steps fit into the time of the Lagrangian neural
 * ODE. Trainings at the published size, shortened: all times are in use after a third of them, and what is measured comes
 * later. One model after the other and then again on other data, so that what disturbs the machine disturbs all; medians.
 * Writes `calibration.json`; what is there is not measured again.
 *
 * `npm run experiment -- lagrangian-ode-peers calibrate`
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { lagrangianOdePeers, lagrangianOdePeersExperiment, lagrangianOdeSizes, trainPeer } from "@leastaction/dynamics";
import { native } from "@leastaction/native";
import { environment } from "../environment.ts";

/** Processor time of one training, ms a step. */
interface Timed {
  readonly model: string;
  readonly seed: number;
  readonly cost: number;
}

const file = "experiments/lagrangian-ode-peers/calibration.json";
const seeds = [2000, 2001, 2002];
/** Steps between which time is measured. */
const [first, last] = [1000, 2500];
const sizes = { ...lagrangianOdeSizes.full, halfTimesAt: 200, testStarts: 1, testTimes: 2 };
const target = native({ contract: true, accuracy: "fast" });
const timed = known();
const names = lagrangianOdePeersExperiment.parts.map(({ name }) => name);

for (const seed of seeds) {
  for (const peer of lagrangianOdePeers.filter(({ name }) => names.includes(name))) {
    if (timed.some((one) => one.model === peer.name && one.seed === seed)) continue;
    const rate = lagrangianOdePeersExperiment.setting({ part: peer.name, form: "full", control: null }).rate as number;
    const told: { readonly step: number; readonly time: number }[] = [];
    await trainPeer(peer, {
      sizes,
      seed,
      rate,
      marks: [last],
      target,
      onStep: (step) => step >= first && told.push({ step, time: process.cpuUsage().user / 1000 }),
    });
    const [begin, end] = [told[0], told.at(-1)] as [(typeof told)[0], (typeof told)[0]];
    const cost = (end.time - begin.time) / (end.step - begin.step);
    timed.push({ model: peer.name, seed, cost });
    console.error(JSON.stringify(timed.at(-1)));
    write();
  }
}

function write(): void {
  const median = (values: readonly number[]): number =>
    [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
  const costs = names.map(
    (name) => [name, timed.filter(({ model }) => model === name).map(({ cost }) => cost)] as const,
  );
  const known = new Map(costs.filter(([, own]) => own.length > 0).map(([name, own]) => [name, median(own)]));
  const whole = known.get("lagrangian-ode");
  const result = {
    ...environment("lagrangian-ode-peers"),
    steps: [first, last],
    cost: Object.fromEntries(known),
    pace: whole === undefined ? {} : Object.fromEntries([...known].map(([name, cost]) => [name, whole / cost])),
    timed,
  };
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
}

function known(): Timed[] {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as { readonly timed: Timed[] }).timed : [];
}
