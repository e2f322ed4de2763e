/** What was set in trainings, in words: once what all parts share, then what is each one's own. */
import type { ExperimentSetting } from "@leastaction/dynamics";

/** Whose settings they are, and what they are. */
export interface SettingsLine {
  readonly whose: string;
  readonly text: string;
}

/** @param settings by part */
export function settingsLines(settings: Readonly<Record<string, ExperimentSetting>>): readonly SettingsLine[] {
  const all = Object.entries(settings);
  const shared = (key: string): boolean => {
    const values = all.map(([, setting]) => JSON.stringify(setting[key]));
    return all.length > 1 && values.every((value) => value === values[0]);
  };
  const lineOf = (whose: string, setting: ExperimentSetting, keys: readonly string[]): SettingsLine => ({
    whose,
    text: keys.map((key) => `${key} ${valueText(setting[key])}`).join("; "),
  });
  const lines = all.map(([part, setting]) =>
    lineOf(
      part,
      setting,
      Object.keys(setting).filter((key) => !shared(key)),
    ),
  );
  const first = all[0]?.[1] ?? {};
  return [lineOf("all parts", first, Object.keys(first).filter(shared)), ...lines].filter(({ text }) => text !== "");
}

function valueText(value: ExperimentSetting[string] | undefined): string {
  if (Array.isArray(value)) return value.map(valueText).join(", ");
  if (typeof value !== "object" || value === null) return String(value);
  const words = Object.entries(value).map(([key, own]) => `${key} ${valueText(own)}`);
  return `(${words.join(", ")})`;
}
