/**
 * Random programs against the laws: the program of each seed is evaluated in every way, and held to one law of batching
 * or of derivatives. A failure comes back as the smallest program that still fails, written as a test.
 */
import type { Target } from "../../target/target.ts";
import { looseShare } from "./agree.ts";
import { differencesAgree, gradientsOfBatchAgree, modesAgree } from "./derivative-laws.ts";
import type { Settings } from "./growth.ts";
import { evaluationsAgree, type Verdict, vmapIsLoop } from "./laws.ts";
import { printTest } from "./print-sketch.ts";
import { type RandomSketch, randomSketch } from "./random-sketch.ts";
import { shrink } from "./shrink.ts";
import { type Body, depthOfTransforms, runSketch, sizeOfSketch, someStep } from "./sketch.ts";

/** What a seed's program is, and what is wrong with it. */
export interface Proof {
  readonly seed: number;
  /** Equations and transforms, as written. */
  readonly equations: number;
  /** Equations after the transforms inside it, bodies of loops not counted. */
  readonly traced: number;
  readonly hasLoop: boolean;
  /** Transforms within transforms. */
  readonly depth: number;
  /** Primitives, loops, calls and transforms in it. */
  readonly kinds: ReadonlySet<string>;
  /** Elements compared, and those where the program's condition leaves room for anything. */
  readonly elements: number;
  readonly loose: number;
  /** Whether differences had nothing to say of its derivative. */
  readonly unclear: boolean;
  readonly failure: { readonly law: string; readonly verdict: string } | null;
}

type Law = (f: Body, inputs: RandomSketch["inputs"], onUnclear?: () => void) => Verdict;

/** The further law of each seed, by turns; the first is that of a program as it stands. */
const laws: readonly (readonly [name: string, law: Law | null, settings: Partial<Settings>])[] = [
  ["evaluationsAgree", null, {}],
  ["vmapIsLoop", vmapIsLoop, {}],
  ["modesAgree", modesAgree, { reversible: true }],
  ["differencesAgree", differencesAgree, { smooth: true }],
  ["evaluationsAgree", null, {}],
  ["vmapIsLoop", vmapIsLoop, {}],
  ["gradientsOfBatchAgree", (f, inputs) => gradientsOfBatchAgree(f, inputs), { reversible: true }],
  ["differencesAgree", differencesAgree, { smooth: true }],
];

/** The program of a seed. */
export function programOfSeed(seed: number): RandomSketch {
  return randomSketch(seed, laws[seed % laws.length]?.[2]);
}

/** Holds the program of a seed to the laws. */
export function prove(seed: number, targets: readonly Target[]): Proof {
  const { sketch, inputs } = programOfSeed(seed);
  const [name, law] = laws[seed % laws.length] as (typeof laws)[number];
  const f = runSketch(sketch);
  let facts = { traced: 0, elements: 0, loose: 0 };
  let failure: Proof["failure"] = null;
  for (const target of targets) {
    const verdict = asked(() =>
      evaluationsAgree(f, inputs, target, (expected, program) => {
        const { all, loose } = looseShare(expected);
        facts = { traced: program.equations.length, elements: all, loose };
      }),
    );
    if (verdict !== null) failure ??= { law: `evaluationsAgree(f, inputs, ${target.name}())`, verdict };
  }
  let unclear = false;
  const onUnclear = (): void => {
    unclear = true;
  };
  const further = law === null ? null : asked(() => law(f, inputs, onUnclear));
  if (further !== null) failure ??= { law: `${name}(f, inputs)`, verdict: further };
  const kinds = new Set<string>();
  someStep(sketch, (step) => {
    if (step.kind !== "constant") kinds.add("primitive" in step ? step.primitive : step.kind);
    return false;
  });
  const hasLoop = kinds.has("scan") || kinds.has("while");
  const depth = depthOfTransforms(sketch);
  return {
    ...facts,
    seed,
    equations: sizeOfSketch(sketch),
    hasLoop,
    depth,
    kinds,
    unclear,
    failure,
  };
}

/** An exception is as wrong as a wrong number. */
function asked(question: () => Verdict): Verdict {
  try {
    return question();
  } catch (error) {
    return `throws: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** The smallest program that fails as the program of a seed does, as a test to paste. */
export function failingTest(proof: Proof, targets: readonly Target[], seconds = 60): string {
  const { seed, failure } = proof;
  if (failure === null) return "";
  const [, law] = laws[seed % laws.length] as (typeof laws)[number];
  const target = targets.find(({ name }) => failure.law.includes(`${name}()`));
  const verdictOf = ({ sketch, inputs }: RandomSketch): Verdict => {
    const f = runSketch(sketch);
    return asked(() => (target === undefined ? (law as Law)(f, inputs) : evaluationsAgree(f, inputs, target)));
  };
  const kind = kindOf(failure.verdict);
  const fails = (candidate: RandomSketch): boolean => {
    const verdict = verdictOf(candidate);
    return verdict !== null && kindOf(verdict) === kind;
  };
  const small = shrink(programOfSeed(seed), fails, seconds);
  return `// seed ${seed}: ${verdictOf(small)}\n${printTest(small, `the program of seed ${seed}`, failure.law)}`;
}

/** What fails, without the numbers: a smaller program must fail in the same way. */
const kindOf = (verdict: string): string => verdict.replaceAll(/[\d.]+/g, "").slice(0, 24);
