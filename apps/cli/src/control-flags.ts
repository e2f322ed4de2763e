/**
 * What `--hold` and `--delay` say about controls: `mot=linear`, `mot=20ms`, `mot=fit`.
 */
import type { ControlHold, ControlSetting, Dataset } from "@leastaction/dynamics";
import { didYouMean } from "@leastaction/dynamics/nearest-name";
import { CommandError } from "./command-error.ts";
import type { Io } from "./io.ts";

/** The flags as they were written: words by name of the control. */
export interface ControlFlags {
  readonly hold?: Readonly<Record<string, string>> | undefined;
  readonly delay?: Readonly<Record<string, string>> | undefined;
}

/** What the flags say of each control. Errors: other words, and times that are none. */
export async function controlSettings({
  hold = {},
  delay = {},
}: ControlFlags): Promise<Readonly<Record<string, ControlSetting>>> {
  const { parseUnit, toSi } = await import("@leastaction/dynamics");
  const seconds = (text: string): number | "fit" => {
    if (text === "fit") return "fit";
    const [, number = "", symbol = ""] = /^([\d.eE+-]+)\s*([a-zµμ]*)$/.exec(text) ?? [];
    const unit = parseUnit(symbol === "" ? "s" : symbol);
    const value = number === "" || unit === null || unit.dimension.time !== 1 ? Number.NaN : toSi(unit, Number(number));
    if (value >= 0 && Number.isFinite(value)) return value;
    throw new CommandError(
      `Cannot use --delay: expected a time from 0 up, or fit, got ${JSON.stringify(text)}`,
      "Write, for example, --delay mot=20ms or --delay mot=fit.",
    );
  };
  const settings: Record<string, ControlSetting> = {};
  for (const [name, word] of Object.entries(hold)) settings[name] = { hold: holdOf(word) };
  for (const [name, text] of Object.entries(delay)) settings[name] = { ...settings[name], delay: seconds(text) };
  return settings;
}

/** The data set with what the flags say of its controls; how each acts is printed. */
export async function controlled(dataset: Dataset, flags: ControlFlags, io: Io): Promise<Dataset> {
  const { withControls } = await import("@leastaction/dynamics");
  const said = withControls(dataset, await controlSettings(flags));
  await sayControls(said, io);
  return said;
}

/** Prints how controls act, one line each. */
export async function sayControls(data: Pick<Dataset, "controls" | "time">, io: Io): Promise<void> {
  const { describeControls } = await import("@leastaction/dynamics");
  for (const line of describeControls(data)) io.error.write(`${line}\n`);
}

function holdOf(word: string): ControlHold {
  if (word === "zero" || word === "linear") return word;
  throw new CommandError(
    `Cannot use --hold: expected zero or linear, got ${JSON.stringify(word)}`,
    didYouMean(word, ["zero", "linear"], "Write, for example, --hold mot=linear."),
  );
}
