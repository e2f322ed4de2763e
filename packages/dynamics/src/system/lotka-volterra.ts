/**
 * Lotka and Volterra: prey that grow and predators that eat them, in closed cycles.
 */

import { hostMath } from "../host-math/host-math.ts";
import { variable } from "./coordinate.ts";
import { defineSystem } from "./define-system.ts";
import { pointDrawing } from "./drawing.ts";
import type { System } from "./system.ts";

type Names = "growth" | "predation" | "gain" | "mortality";

/** prey' = growth prey - predation prey predators, predators' = gain prey predators - mortality predators. */
export const lotkaVolterra: System = defineSystem<Names>({
  name: "lotka-volterra",
  summary: "Prey and predators whose numbers rise and fall in turn.",
  coordinates: [variable("prey"), variable("predators")],
  parameters: {
    growth: { unit: "s^-1", default: 1.1, minimum: 1e-9, meaning: "growth of the prey without predators" },
    predation: { unit: "s^-1", default: 0.4, minimum: 1e-9, meaning: "prey eaten by each predator, per prey" },
    gain: { unit: "s^-1", default: 0.1, minimum: 1e-9, meaning: "predators born, per prey and predator" },
    mortality: { unit: "s^-1", default: 0.4, minimum: 1e-9, meaning: "decline of the predators without prey" },
  },
  equations: [
    "prey' = growth prey - predation prey predators",
    "predators' = gain prey predators - mortality predators",
    "kept: gain prey - mortality log(prey) + predation predators - growth log(predators)",
  ],
  field: ({ sub, mul }, { growth, predation, gain, mortality }, _t, [prey = 0, predators = 0]) => {
    return [mul(prey, sub(growth, mul(predation, predators))), mul(predators, sub(mul(gain, prey), mortality))];
  },
  invariants: [
    {
      name: "Volterra's function",
      unit: "s^-1",
      value: ({ add, sub, mul, log }, { growth, predation, gain, mortality }, [prey = 0, predators = 0]) => {
        const ofPrey = sub(mul(gain, prey), mul(mortality, log(prey)));
        return add(ofPrey, sub(mul(predation, predators), mul(growth, log(predators))));
      },
      holds: () => true,
    },
  ],
  // The period of small cycles.
  timescale: ({ growth, mortality }) => (2 * Math.PI) / Math.sqrt(growth * mortality),
  // Between half and twice the numbers at which both stay as they are.
  sampleStart: (random, { growth, predation, gain, mortality }) => [
    (mortality / gain) * hostMath.exp(Math.LN2 * (2 * random.uniform() - 1)),
    (growth / predation) * hostMath.exp(Math.LN2 * (2 * random.uniform() - 1)),
  ],
  draw: (_parameters, [prey = 0, predators = 0]) => pointDrawing("prey", "predators", prey, predators),
  source: "Volterra, 1926, Nature 118, 558, doi:10.1038/118558a0",
});
