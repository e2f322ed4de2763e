/**
 * What many random programs were like.
 */
import type { Proof } from "./prove.ts";

/** Shares are of all programs, but where they say of what. */
export interface Summary {
  readonly programs: number;
  readonly failures: number;
  /** Equations and transforms, as written. */
  readonly equations: { readonly median: number; readonly largest: number };
  /** Equations of the traced program, bodies of loops not counted. */
  readonly traced: { readonly median: number; readonly largest: number };
  readonly withLoops: number;
  readonly withTransforms: number;
  /** Transforms of programs that hold transforms. */
  readonly withNestedTransforms: number;
  readonly elements: number;
  /** The share of elements that an ill-conditioned program leaves free. */
  readonly looseElements: number;
  /** The share of checks by differences that told nothing. */
  readonly unclearDifferences: number;
  /** In how many programs each primitive and each transform stands. */
  readonly uses: Readonly<Record<string, number>>;
}

/** The summary of these programs. */
export function summaryOf(proofs: readonly Proof[]): Summary {
  const sum = (value: (proof: Proof) => number): number => proofs.reduce((total, proof) => total + value(proof), 0);
  const share = (holds: (proof: Proof) => boolean): number => sum((proof) => (holds(proof) ? 1 : 0)) / proofs.length;
  const range = (value: (proof: Proof) => number): Summary["traced"] => {
    const sorted = proofs.map(value).sort((a, b) => a - b);
    return { median: sorted[sorted.length >> 1] ?? 0, largest: sorted.at(-1) ?? 0 };
  };
  const uses: Record<string, number> = {};
  for (const { kinds } of proofs) for (const kind of kinds) uses[kind] = (uses[kind] ?? 0) + 1;
  const elements = sum((proof) => proof.elements);
  return {
    programs: proofs.length,
    failures: sum(({ failure }) => (failure === null ? 0 : 1)),
    equations: range(({ equations }) => equations),
    traced: range(({ traced }) => traced),
    withLoops: share(({ hasLoop }) => hasLoop),
    withTransforms: share(({ depth }) => depth > 0),
    withNestedTransforms: share(({ depth }) => depth > 1),
    elements,
    looseElements: sum(({ loose }) => loose) / elements,
    unclearDifferences: sum((proof) => (proof.unclear ? 1 : 0)) / sum((proof) => (proof.seed % 4 === 3 ? 1 : 0)),
    uses: Object.fromEntries(Object.entries(uses).sort(([a], [b]) => a.localeCompare(b))),
  };
}
