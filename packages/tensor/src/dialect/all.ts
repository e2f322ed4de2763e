/**
 * The whole language, for those who cannot know which part of it they will meet.
 */
import type { DialectName } from "../program/primitive.ts";
import { calls } from "./calls.ts";
import { cumulative } from "./cumulative.ts";
import { type AnyDialect, type Dialect, load } from "./dialect.ts";
import { fourier } from "./fourier.ts";
import { linearAlgebra } from "./linear-algebra.ts";
import { logarithms } from "./logarithms.ts";
import { loops } from "./loops.ts";
import { powers } from "./powers.ts";
import { random } from "./random.ts";
import { remainders } from "./remainders.ts";
import { sequences } from "./sequences.ts";
import { specialFunctions } from "./special-functions.ts";
import { spectral } from "./spectral.ts";
import { trigonometry } from "./trigonometry.ts";

/** Every dialect by its name. */
export const all: { readonly [D in DialectName]: Dialect<D> } = {
  linearAlgebra,
  spectral,
  fourier,
  sequences,
  trigonometry,
  specialFunctions,
  powers,
  cumulative,
  calls,
  loops,
  logarithms,
  remainders,
  random,
};

/** Loads all dialects. */
export function loadAll(): void {
  for (const dialect of Object.values<AnyDialect>(all)) load(dialect);
}
