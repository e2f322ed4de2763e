/** `systems [NAME]`: the known physics that `simulate` makes data from, printed from its record. */
import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { System } from "@leastaction/dynamics";
import { didYouMean } from "@leastaction/dynamics/nearest-name";
import type { CommandContext } from "../command-context.ts";
import { CommandError } from "../command-error.ts";
import { examples } from "../examples.ts";
import { namedRows } from "../named-rows.ts";

export function systemsCommand({ io }: CommandContext): CommandUnknownOpts {
  return new Command("systems")
    .description("lists the known systems, or shows one")
    .argument("[name]", "a system")
    .addHelpText("before", examples("systems", "systems pendulum", "systems toda-chain-12"))
    .action(async (name) => {
      if (name !== undefined) {
        io.out.write(describe(await systemByName(name)));
        return;
      }
      const { systemFamilies, systems } = await import("@leastaction/dynamics");
      io.out.write(namedRows(systems.map((system) => [system.name, system.summary])));
      io.out.write("\nOf other sizes:\n");
      io.out.write(
        namedRows(
          systemFamilies.map((family) => {
            return [`${family.name}-N`, `${family.smallest} to ${family.largest} ${family.counts}`];
          }),
        ),
      );
    });
}

/** The system of a name. Errors (status 2): none of that name; the nearest one is named. */
export async function systemByName(name: string): Promise<System> {
  const { systemFamilies, systemNamed, systems } = await import("@leastaction/dynamics");
  const names = systems.map((system) => system.name);
  const isSized = systemFamilies.some((family) => name.startsWith(`${family.name}-`) && /-\d+$/.test(name));
  const [, size = ""] = /(-\d+)$/.exec(name) ?? [];
  const candidates = size === "" ? names : [...names, ...systemFamilies.map((family) => `${family.name}${size}`)];
  if (names.includes(name) || isSized) return systemNamed(name);
  throw new CommandError(
    `Cannot find a system: expected one of ${names.join(", ")}, got ${name}`,
    didYouMean(name, candidates, "`leastaction systems` describes them."),
    "unknown-name",
  );
}

const withUnit = ({ name, unit }: { readonly name: string; readonly unit: string }): string =>
  unit === "" ? name : `${name} [${unit}]`;

function describe(system: System): string {
  const { coordinates, controls, invariants, symmetries, parameters } = system;
  const rates = coordinates.flatMap(({ rate }) => rate ?? []);
  const list = (items: readonly { readonly name: string; readonly unit: string }[]): string =>
    items.map(withUnit).join(", ");
  const ratesName = rates[0]?.role === "momentum" ? "momenta" : "velocities";
  const constants = Object.fromEntries(parameters.map((each) => [each.name, each.default]));
  const kept = invariants.map((each) => {
    return each.holds(constants) ? withUnit(each) : `${withUnit(each)} with other constants`;
  });
  const facts: (readonly string[])[] = [
    [rates.length === 0 ? "variables" : "coordinates", list(coordinates)],
    ...(rates.length === 0 ? [] : [[ratesName, list(rates)]]),
    ["controls", list(controls) || "none"],
    ["kept", kept.join(", ") || "nothing"],
    ...symmetries.map(({ name, meaning }, index) => [index === 0 ? "symmetries" : "", `${name}: ${meaning}`]),
    ["source", system.source],
  ];
  return [
    `${system.name}: ${system.summary}\n`,
    ...system.equations.map((line) => `  ${line}\n`),
    "\n",
    namedRows(facts),
    ...(parameters.length === 0 ? [] : ["\nConstants:\n"]),
    namedRows(parameters.map((each) => [each.name, `${each.default} ${each.unit}`.trim(), each.meaning])),
  ].join("");
}
