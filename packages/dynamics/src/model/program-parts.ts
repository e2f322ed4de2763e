/** The functions of a model that `model.json` holds as programs. */
export const programParts = ["encode", "field", "step", "observe", "energy", "momentum", "dissipation"] as const;

/** One of them. */
export type ProgramPart = (typeof programParts)[number];

/** A type in words: `float64[2, 3]`. */
export function typeText({ dtype, shape }: { readonly dtype: string; readonly shape: readonly number[] }): string {
  return `${dtype}[${shape.join(", ")}]`;
}
