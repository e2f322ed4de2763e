/**
 * Commander's complaints in the words of this program: what was expected, what was found, and what to do.
 * A flag or command that is nearly right is named.
 */
import type { CommanderError, CommandUnknownOpts } from "@commander-js/extra-typings";
import { CommandError, type CommandErrorCode } from "./command-error.ts";

type Words = (
  found: string,
  message: string,
  commands: string,
) => readonly [problem: string, remedy: string, code?: CommandErrorCode];

const help = "The flags of each command are listed by `leastaction COMMAND --help`.";

const complaints: Readonly<Record<string, Words>> = {
  "commander.unknownOption": (found) => [`expected a flag of this command, got ${found}`, help, "unknown-name"],
  "commander.unknownCommand": (found, _, commands) => [
    `expected a command, got ${found}`,
    `The commands are ${commands}; \`leastaction --help\` describes them.`,
    "unknown-name",
  ],
  "commander.missingArgument": (found) => [
    `expected a value for ${found.toUpperCase()}, got none`,
    "Each `leastaction COMMAND --help` opens with three complete examples.",
  ],
  "commander.optionMissingArgument": (found) => [`expected a value after ${found}, got none`, help],
  "commander.missingMandatoryOptionValue": (found) => [`expected the flag ${found}, got none`, help],
  "commander.excessArguments": (_, message) => [
    `expected fewer arguments, got ${/but got (\d+)/.exec(message)?.[1] ?? "more"}`,
    "Put quotes around a value with spaces in it, and name several models as --model NAME,NAME.",
  ],
  "commander.conflictingOption": (_, message) => [
    `expected one of two flags, got both: ${/'(--?[^']*)'/g[Symbol.match](message)?.join(" and ") ?? ""}`,
    help,
  ],
};

/** A parsing error of commander, in the program `root`, as a message with a remedy. */
export function usageError(error: CommanderError, root: CommandUnknownOpts): CommandError {
  const message = error.message.replace(/^error: /, "");
  const found = /'([^']*)'/.exec(message)?.[1] ?? message;
  const commands = root.commands.map((command) => command.name());
  const list = `${commands.slice(0, -1).join(", ")} and ${commands.at(-1)}`;
  const words = complaints[error.code] ?? (() => [`expected a complete call, got this complaint: ${message}`, help]);
  const [problem, remedy, code] = words(found, message, list);
  const nearest = /\(Did you mean (?:one of )?([^?]*)\?\)/.exec(message)?.[1];
  const hint = nearest === undefined ? "" : `Did you mean ${nearest}? `;
  return new CommandError(`Cannot understand the call: ${problem}`, hint + remedy, code);
}
