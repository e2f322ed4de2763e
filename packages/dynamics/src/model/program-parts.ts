/** The functions of a model that `model.json` holds as programs. */
export const programParts = ["encode", "field", "step", "observe", "energy", "momentum", "dissipation"] as const;

/** One of them. */
export type ProgramPart = (typeof programParts)[number];
