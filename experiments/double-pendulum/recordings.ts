/**
 * The measured double pendulum as angles alone, and two ways to hold some of it out.
 *
 * The authors' pieces of double.csv follow one another without a gap: it is one swing of 80 s that dies down. The measured
 * angular velocities are left out.
 */

/** A way to cut the 30 pieces (2.7 s each) into recordings. */
export interface Division {
  /** The recording that a piece belongs to, by its number from 0. */
  readonly recordingOf: (piece: number) => number;
  /** Recordings that are held out. */
  readonly heldOut: readonly number[];
}

/** Fifteen recordings of 5.3 s; every third one from the second on is held out, so that all sizes of swings are tested. */
export const short: Division = { recordingOf: (piece) => Math.floor(piece / 2), heldOut: [1, 4, 7, 10, 13] };

/** From 8 to 40 s held out as one recording, long enough for forecasts to fail; what is before and after trains. */
export const long: Division = {
  recordingOf: (piece) => (piece < 3 ? 0 : piece < 15 ? 1 : 2 + Math.floor((piece - 15) / 5)),
  heldOut: [1],
};

/** A table `t,trajectory,split,theta1,theta2` from the text of double.csv. */
export function anglesTable(text: string, { recordingOf, heldOut }: Division): string {
  const [, ...lines] = text.trim().split("\n");
  const rows = lines.map((line) => {
    const [t, piece, , theta1, theta2] = line.split(",");
    const recording = recordingOf(Number(piece));
    return [t, recording, heldOut.includes(recording) ? "test" : "train", theta1, theta2].join(",");
  });
  return ["t [s],trajectory,split,theta1 [rad],theta2 [rad]", ...rows].join("\n");
}
