/** `methods.txt`: the paragraph that a paper's section on methods may start from, made of what the run did. */
import { counted, formatted, fromSi, listed, type ModelRecord, type Run } from "@leastaction/dynamics";
import { version } from "../version.ts";

/** @param data the table in one sentence */
export function methodsText(run: Run, data: string): string {
  const { model, options, uses, sampling, ranking, facts } = run;
  const { record } = model;
  const networks = ranking.filter(({ kind }) => kind === "network").map((row) => row.model);
  const others = ranking.filter(({ kind }) => kind !== "network").map((row) => row.model);
  const velocities = facts.measuredVelocities
    ? "Velocities were measured"
    : "Velocities were estimated from the positions by local polynomials";
  const sentences = [
    `Models were fitted with leastaction ${version} to ${data}.`,
    `The data were divided before training (${uses.lines.join("; ")}).`,
    `${capital(sampling.line)}. ${velocities}.`,
    networks.length === 0
      ? ""
      : `Networks (${listed(networks)}) were trained from ${counted(options.seeds, "seed")} (${seedRange(options)}) for ${stepsInWords(run)} each, first on derivatives and then on forecasts over growing windows.`,
    others.length === 0
      ? ""
      : `They were ranked beside ${listed(others)} by the error of free forecasts of the selection data, each started from a state estimated on its first ${formatted(fromSi(record.time.unit, options.observe))} ${record.time.unit.symbol || "s"}, at most 40 % of it.`,
    `${record.name} was chosen; ${bandInWords(record.band)}.`,
    run.test === null
      ? "There was no independent test."
      : `The test data (${counted(run.test.pieces.length, "piece")}) were used once, after all choices had been made.`,
  ];
  return `${sentences.filter((text) => text !== "").join(" ")}\n`;
}

function seedRange({ seed, seeds }: Run["options"]): string {
  return seeds === 1 ? `${seed}` : `${seed} to ${seed + seeds - 1}`;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function bandInWords(band: ModelRecord["band"]): string {
  if (band === null) return "no band could be calibrated";
  const on = band.calibrated ? "on data of its own" : "on the selection data, for want of more";
  return `the band of its forecast was calibrated by split conformal prediction ${on}`;
}

/** The steps that networks took, from the fewest to the most. */
function stepsInWords({ members, ranking }: Run): string {
  const networks = new Set(ranking.filter(({ kind }) => kind === "network").map(({ model }) => model));
  const steps = members.filter(({ name }) => networks.has(name)).map((member) => member.steps);
  const [least, most] = [Math.min(...steps), Math.max(...steps)];
  return least === most ? counted(most, "step") : `${least} to ${counted(most, "step")}`;
}
