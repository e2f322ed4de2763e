/**
 * The five plain sentences: what moves, how far to trust it, which model and why, what was assumed, what to record next.
 * Each is built from facts that are numbers elsewhere in the run; nothing is said that was not measured.
 */
import type { MotionFacts } from "./motion-facts.ts";
import { counted, formatted, listed } from "./plain-words.ts";
import type { Quantity } from "./quantity.ts";

/** One of the sentences: what it is about, and the sentence. */
export interface PlainSentence {
  readonly about: string;
  readonly text: string;
}

/** A number with its unit. */
export function quantity(value: number, unit: string): string {
  return `${formatted(value)} ${unit}`.trimEnd();
}

/** `motion` in the units of `coordinate` and `time`. */
export function whatMoves(
  coordinates: readonly { readonly coordinate: Quantity; readonly motion: MotionFacts }[],
  time: Quantity,
): PlainSentence {
  const parts = coordinates.map(({ coordinate, motion }) => moves(coordinate, motion, time));
  return { about: "What moves", text: `${parts.join("; ")}.` };
}

function moves({ name, unit }: Quantity, { period, loss, size }: MotionFacts, time: Quantity): string {
  if (period === null) return `${name} moves without a fixed period`;
  const grows = Math.abs(period.large / period.small - 1) > 0.03;
  const length = grows
    ? `a period of ${formatted(period.small)} to ${quantity(period.large, time.unit)} (it depends on the size of the swing)`
    : `a period of ${quantity(period.small, time.unit)}`;
  const swing = size > 0 ? `, up to ${quantity(size, unit)} to each side` : "";
  return `${name} swings with ${length}${swing}${lossInWords(loss)}`;
}

function lossInWords(loss: number | null): string {
  if (loss === null || !Number.isFinite(loss)) return "";
  if (Math.abs(loss) < 0.002) return ", and keeps its size";
  return `, and ${loss > 0 ? "loses" : "gains"} ${formatted(100 * Math.abs(loss), 2)} % of its size in each swing`;
}

/** What the test says about one coordinate. */
export interface TrustFacts {
  readonly coordinate: Quantity;
  readonly time: Quantity;
  readonly rmse: number;
  /** Error that a forecast is still useful with: a tenth of the size of the motion, or the user's. */
  readonly tolerance: number;
  /** Until when every test forecast stays within `tolerance`, from its start. */
  readonly within: number;
  readonly longest: number;
}

export function howFarToTrust(
  facts: readonly TrustFacts[],
  tests: number,
  band: { readonly level: number; readonly covered: number; readonly isCalibrated: boolean },
): PlainSentence {
  const about = "How far to trust it";
  if (tests === 0 || facts.length === 0) {
    return {
      about,
      text: "There was too little data for an independent test, so nobody knows; the band is not calibrated.",
    };
  }
  const unseen = counted(tests, "unseen recording");
  const parts = facts.map(({ coordinate, time, rmse, tolerance, within, longest }) => {
    const whole = within >= longest * 0.999;
    const reach = whole ? `all of the ${quantity(longest, time.unit)}` : quantity(within, time.unit);
    return `${coordinate.name} stays within ${quantity(tolerance, coordinate.unit)} for ${reach} (RMSE ${quantity(rmse, coordinate.unit)})`;
  });
  return { about, text: `On ${unseen}, ${listed(parts)}. ${bandInWords(band)}` };
}

function bandInWords({ level, covered, isCalibrated }: Parameters<typeof howFarToTrust>[2]): string {
  const percent = `${formatted(100 * level)} %`;
  const calibrated = isCalibrated ? "" : ", which is not calibrated,";
  return `Its ${percent} band${calibrated} covered ${formatted(100 * covered)} % of the measured values.`;
}

/** A candidate as the sentence about the choice needs it. */
export interface Candidate {
  readonly model: string;
  readonly kind: "baseline" | "grey-box" | "network";
  readonly error: number;
  readonly spread: readonly [smallest: number, largest: number];
}

const simpler: readonly Candidate["kind"][] = ["baseline", "grey-box", "network"];

/**
 * @param ranked the chosen model first; errors on the selection data in `unit`. Among models that the data cannot tell
 *   apart the library chooses the law with less freedom, so the first need not have the smallest error.
 * @param wasStopped whether some model was not trained to its end
 */
export function whichModel(ranked: readonly Candidate[], unit: string, wasStopped = false): PlainSentence {
  const stopped = wasStopped ? " Training was stopped before all models had finished." : "";
  return { about: "Which model and why", text: `${choiceInWords(ranked, unit)}.${stopped}` };
}

function choiceInWords(ranked: readonly Candidate[], unit: string): string {
  const [winner, ...others] = ranked;
  if (winner === undefined) return "No model could be trained";
  const error = `RMSE ${quantity(winner.error, unit)}`;
  if (others.length === 0) return `${winner.model}, the only one that was tried (${error} on the selection data)`;
  const better = others.filter((candidate) => candidate.error < winner.error).sort((a, b) => a.error - b.error)[0];
  if (better !== undefined) {
    const close = `the lowest error was that of ${better.model} (${quantity(better.error, unit)}), too little less to tell on this data`;
    return `${winner.model}, the simplest law among the good ones (${error} on the selection data): ${close}`;
  }
  const lead = `${winner.model} forecast the selection data best (${error})`;
  if (winner.kind !== "network" && others.some(({ kind }) => kind === "network")) {
    return `${lead}: no network did better, so the simple ${kindInWords(winner.kind)} is the one to use`;
  }
  const plain = others.filter(({ kind }) => simpler.indexOf(kind) < simpler.indexOf(winner.kind));
  const rival = plain[0] ?? (others[0] as Candidate);
  const ratio = rival.error / winner.error;
  const rivalError = `${rival.model} (${quantity(rival.error, unit)})`;
  const isAsGood = ratio < 1.1 || rival.spread[0] <= winner.spread[1];
  return isAsGood
    ? `${lead}, but ${rivalError} is as good here`
    : `${lead}, ${formatted(ratio, 2)} times better than ${rivalError}`;
}

function kindInWords(kind: Candidate["kind"]): string {
  return kind === "grey-box" ? "equation" : "baseline";
}

/** @param assumptions short statements, each a sentence without its full stop */
export function whatWasAssumed(assumptions: readonly string[]): PlainSentence {
  return { about: "What was assumed", text: `${assumptions.join(". ")}.` };
}

/** What a next recording should hold, from where the trained motion ends. */
export interface RecordNextFacts {
  readonly hasTest: boolean;
  readonly isCalibrated: boolean;
  /** Share of the test forecasts that lies beyond the trained states. */
  readonly outside: number;
  /** Range of each coordinate in training. */
  readonly ranges: readonly { readonly coordinate: Quantity; readonly from: number; readonly to: number }[];
  readonly measuredVelocities: boolean;
}

export function whatToRecordNext(facts: RecordNextFacts): PlainSentence {
  const { hasTest, isCalibrated, outside, ranges, measuredVelocities } = facts;
  const seen = listed(
    ranges.map(
      ({ coordinate, from, to }) => `${coordinate.name} from ${formatted(from)} to ${quantity(to, coordinate.unit)}`,
    ),
  );
  const parts = [
    ...(hasTest ? [] : ["At least two more recordings, one of them for a test that nothing was trained on"]),
    ...(isCalibrated ? [] : ["More recordings, so that the band can be calibrated on data of its own"]),
    ...(outside > 0.02
      ? [
          `More motion like that of the test: ${formatted(100 * outside, 2)} % of its forecast lay beyond what the model was trained on`,
        ]
      : []),
    `Motion beyond what was seen (${seen}), if forecasts are wanted there: they are marked as outside`,
    ...(measuredVelocities ? [] : ["Velocities, if a sensor for them is at hand: they were estimated from positions"]),
  ];
  return { about: "What to record next", text: `${parts.slice(0, 2).join(". ")}.` };
}
