/**
 * The five plain sentences of a diagnosis: what was asked, is there a Lagrangian, is there one with time in it, is
 * something lost, and how far to trust it.
 */
import { counted, formatted, listed } from "../plain-words.ts";
import type { PlainSentence } from "../sentences.ts";
import type { MotionDiagnosis } from "./motion-diagnosis.ts";
import type { Verdict } from "./verdicts.ts";

const answers: Readonly<Record<"lagrangian" | "timeDependent" | "dissipation", Readonly<Record<Verdict, string>>>> = {
  lagrangian: {
    exists: "Yes, as far as it was measured",
    "does-not-exist": "No",
    "not-enough-data": "Open",
  },
  timeDependent: {
    exists: "Yes, as far as it was measured",
    "does-not-exist": "No",
    "not-enough-data": "Open",
  },
  dissipation: {
    exists: "Yes, volume is lost",
    "does-not-exist": "No, volume is kept or grows",
    "not-enough-data": "Open",
  },
};

/** The sentences. */
export function describeDiagnosis(found: Omit<MotionDiagnosis, "summary" | "seconds">): readonly PlainSentence[] {
  const { verdicts } = found;
  const { lagrangian, lagrangianTimeDependent, dissipation } = verdicts;
  const same = lagrangianTimeDependent.reason === lagrangian.reason;
  return [
    { about: "What was asked", text: `${whatWasAsked(found)}.` },
    { about: "Is there a Lagrangian", text: `${answers.lagrangian[lagrangian.verdict]}: ${lagrangian.reason}.` },
    {
      about: "With time in it",
      text: `${answers.timeDependent[lagrangianTimeDependent.verdict]}: ${same ? "for the same reason" : lagrangianTimeDependent.reason}.`,
    },
    {
      about: "Is something lost",
      text: `${answers.dissipation[dissipation.verdict]}: ${dissipation.reason === lagrangian.reason ? "for the same reason" : dissipation.reason}.`,
    },
    { about: "How far to trust it", text: `${capital(howFar(found))}.` },
  ];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function whatWasAsked({ field, coordinates, coverage, time }: Omit<MotionDiagnosis, "summary" | "seconds">): string {
  const { trajectories, samples, length, swings } = coverage;
  const names = listed(coordinates.map(({ name }) => name));
  const moved = swings === null ? "" : `, ${formatted(swings, 2)} swings`;
  const over = length === 0 ? "" : ` over ${formatted(length)} ${time.unit}`.trimEnd();
  return `${names} in ${counted(trajectories, "trajectory", "trajectories")} with ${counted(samples, "sample")}${over}${moved}; the field is ${field}`;
}

function howFar({ source, fieldError, coverage, metrics }: Omit<MotionDiagnosis, "summary" | "seconds">): string {
  const covered =
    coverage.length === 0
      ? "nothing was asked of the states"
      : `the states fill ${formatted(100 * coverage.cells, 2)} % of the pairs of their ranges (thickness ${formatted(coverage.thickness, 2)})`;
  const known =
    fieldError === null ? "" : `accelerations in pieces left out are known to ${formatted(100 * fieldError, 2)} %; `;
  const only =
    source === "system"
      ? "; the answer is for the states that were visited"
      : "; the answer is for the states that were recorded, and a field with a weaker cause may look the same";
  const stopped = metrics.some(({ status }) => status === "stopped")
    ? "; it was stopped, or the time ended, before all steps"
    : "";
  return `${known}${covered}${only}${stopped}`;
}
