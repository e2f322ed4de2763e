/** `models [NAME]`: what can be fitted, what each needs, promises and cites, printed from its record. */
import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { AnyModel, constantUnit } from "@leastaction/dynamics";
import type { CommandContext } from "../command-context.ts";
import { examples } from "../examples.ts";
import { modelByName } from "../model-by-name.ts";
import { namedRows } from "../named-rows.ts";

const opening = examples("models", "models dissipative-hamiltonian", "models ./my-model.js");

export function modelsCommand({ io }: CommandContext): CommandUnknownOpts {
  return new Command("models")
    .description("lists the models, or shows one")
    .argument("[name]", "a model, or the file of one")
    .addHelpText("before", opening)
    .action(async (name) => {
      if (name !== undefined) {
        const { constantUnit } = await import("@leastaction/dynamics");
        io.out.write(describe(await modelByName(name, io.cwd), constantUnit));
        return;
      }
      const { models } = await import("@leastaction/dynamics");
      io.out.write(namedRows(models.map((model) => [model.name, model.kind, model.summary])));
      io.out.write("\nauto tries those that suit the data, ranks them with the baselines, and tests once.\n");
      io.out.write("A model of your own: fit DATA --model ./my-model.js\n");
    });
}

function describe(model: AnyModel, unitOf: typeof constantUnit): string {
  const { name, summary, kind, needs, promises, cites, constants, unidentifiable } = model;
  const rows: (readonly string[])[] = [
    ["kind", kind],
    ["needs", needsOf(needs)],
    ...(promises.length === 0
      ? [["promises", "nothing"]]
      : promises.map((text, at) => [at === 0 ? "promises" : "", text])),
    ["law", model.step === undefined ? "an equation of motion, in continuous time" : "a step in time"],
    ["energy", model.energy === undefined ? "none" : "learned"],
    ...(model.momentumIsVelocity === true
      ? [["assumes", "momenta that are the velocities: all inertias equal and constant, not those of linked arms"]]
      : []),
    ...(unidentifiable === undefined ? [] : [["cannot know", unidentifiable]]),
    ...cites.map((text, at) => [at === 0 ? "cites" : "", text]),
  ];
  const fitted = (constants ?? []).map((each) => [each.name, unitOf(each, "coordinate", "control"), each.meaning]);
  return `${name}: ${summary}\n\n${namedRows(rows)}${fitted.length === 0 ? "" : `\nConstants that are fitted:\n${namedRows(fitted)}`}`;
}

function needsOf({ velocities, momenta, controls, coordinates }: AnyModel["needs"]): string {
  const parts = [
    coordinates === undefined ? [] : [`exactly ${coordinates} coordinate${coordinates === 1 ? "" : "s"}`],
    velocities === true ? ["measured velocities"] : [],
    momenta === true ? ["measured momenta"] : [],
    controls === true ? ["a control column"] : [],
  ].flat();
  return parts.length === 0 ? "positions over time" : parts.join(", ");
}
