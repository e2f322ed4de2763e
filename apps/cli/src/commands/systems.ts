/** `systems [NAME]`: the known physics that `simulate` makes data from, printed from its record. */
import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { CommandContext } from "../command-context.ts";
import { CommandError } from "../command-error.ts";
import { examples } from "../examples.ts";
import { namedRows } from "../named-rows.ts";
import { nearestName } from "../nearest-name.ts";

export function systemsCommand({ io }: CommandContext): CommandUnknownOpts {
  return new Command("systems")
    .description("lists the known systems, or shows one")
    .argument("[name]", "a system")
    .addHelpText("before", examples("systems", "systems pendulum", "systems oscillator"))
    .action(async (name) => {
      const { systems } = await import("@leastaction/dynamics");
      if (name === undefined) {
        io.out.write(namedRows(systems.map((system) => [system.name, system.summary])));
        return;
      }
      io.out.write(describe(await systemByName(name)));
    });
}

/** The system of a name. Errors (status 2): none of that name; the nearest one is named. */
export async function systemByName(name: string): Promise<import("@leastaction/dynamics").System> {
  const { systems } = await import("@leastaction/dynamics");
  const found = systems.find((system) => system.name === name);
  if (found !== undefined) return found;
  const names = systems.map((system) => system.name);
  const nearest = nearestName(name, names);
  throw new CommandError(
    `Cannot find a system: expected one of ${names.join(", ")}, got ${name}`,
    nearest === null ? "`leastaction systems` describes them." : `Did you mean ${nearest}?`,
  );
}

function describe(system: import("@leastaction/dynamics").System): string {
  const withUnit = (name: string, unit: string): string => (unit === "" ? name : `${name} [${unit}]`);
  const rates = system.coordinates.map(({ rate }) => withUnit(rate.name, rate.unit));
  return [
    `${system.name}: ${system.summary}\n`,
    `  ${system.equation}\n\n`,
    namedRows([
      ["coordinates", system.coordinates.map(({ name, unit }) => withUnit(name, unit)).join(", ")],
      [system.state === "velocity" ? "velocities" : "momenta", rates.join(", ")],
      ["controls", system.controls.map(({ name, unit }) => withUnit(name, unit)).join(", ") || "none"],
      ["kept", system.invariants.map(({ name, unit }) => withUnit(name, unit)).join(", ") || "nothing"],
      ["source", system.source],
    ]),
    "\nConstants:\n",
    namedRows(system.parameters.map((each) => [each.name, `${each.default} ${each.unit}`.trim(), each.meaning])),
  ].join("");
}
