/**
 * The zoo: every system by its name, and the families of which a system is one size.
 */

import { TensorError } from "@leastaction/tensor";
import { didYouMean } from "../nearest-name.ts";
import { cartPole } from "./cart-pole.ts";
import { chargedParticle } from "./charged-particle.ts";
import { doublePendulum } from "./double-pendulum.ts";
import { douglasIiib, douglasIv } from "./douglas.ts";
import { duffing } from "./duffing.ts";
import { fputChain } from "./fput-chain.ts";
import { henonHeiles } from "./henon-heiles.ts";
import { kepler } from "./kepler.ts";
import { linkedPendulum } from "./linked-pendulum.ts";
import { lorenz } from "./lorenz.ts";
import { lotkaVolterra } from "./lotka-volterra.ts";
import { oscillator } from "./oscillator.ts";
import { pendulum } from "./pendulum.ts";
import { relativisticOscillator } from "./relativistic-oscillator.ts";
import { rigidBody } from "./rigid-body.ts";
import { rossler } from "./rossler.ts";
import { springPendulum } from "./spring-pendulum.ts";
import type { System } from "./system.ts";
import { threeBody } from "./three-body.ts";
import { todaChain } from "./toda-chain.ts";
import { twoBody } from "./two-body.ts";
import { vanDerPol } from "./van-der-pol.ts";

/** Systems of every size: `linked-pendulum-5` is the one of size 5. */
export interface SystemFamily {
  readonly name: string;
  /** What the size counts. */
  readonly counts: string;
  readonly smallest: number;
  readonly largest: number;
  /** Of the system with the bare name. */
  readonly usual: number;
  readonly ofSize: (size: number, name?: string) => System;
}

/** All families. */
export const systemFamilies: readonly SystemFamily[] = Object.freeze([
  { name: "linked-pendulum", counts: "links", smallest: 1, largest: 12, usual: 3, ofSize: linkedPendulum },
  { name: "toda-chain", counts: "particles", smallest: 3, largest: 64, usual: 6, ofSize: todaChain },
  { name: "fput-chain", counts: "particles", smallest: 2, largest: 64, usual: 8, ofSize: fputChain },
]);

/** All systems, in the order they are listed; of a family, the usual size under the bare name. */
export const systems: readonly System[] = Object.freeze([
  pendulum,
  oscillator,
  doublePendulum,
  ofFamily("linked-pendulum"),
  springPendulum,
  cartPole,
  duffing,
  vanDerPol,
  kepler,
  twoBody,
  threeBody,
  henonHeiles,
  chargedParticle,
  relativisticOscillator,
  rigidBody,
  ofFamily("toda-chain"),
  ofFamily("fput-chain"),
  lotkaVolterra,
  lorenz,
  rossler,
  douglasIv,
  douglasIiib,
]);

/**
 * The system of a name, or of a family and a size: `pendulum`, `toda-chain`, `toda-chain-12`.
 * @throws TensorError for an unknown name and for a size that the family does not have
 */
export function systemNamed(name: string): System {
  const found = systems.find((system) => system.name === name) ?? sizedSystem(name);
  if (found !== null) return found;
  const names = systems.map((system) => system.name);
  throw new TensorError(
    `Cannot find a system: expected one of ${names.join(", ")}, got ${name}`,
    didYouMean(name, names, "Choose a name from the list."),
    "no-such-name",
  );
}

function sizedSystem(name: string): System | null {
  const [, stem, digits] = /^(.+)-(\d{1,6})$/.exec(name) ?? [];
  const family = systemFamilies.find((candidate) => candidate.name === stem);
  if (family === undefined) return null;
  const { counts, smallest, largest } = family;
  const size = Number(digits);
  if (size >= smallest && size <= largest) return family.ofSize(size);
  throw new TensorError(
    `Cannot make ${name}: expected ${smallest} to ${largest} ${counts}, got ${size}`,
    `Choose another size, such as ${family.name}-${family.usual}.`,
  );
}

function ofFamily(name: string): System {
  const { usual, ofSize } = systemFamilies.find((family) => family.name === name) as SystemFamily;
  return ofSize(usual, name);
}
