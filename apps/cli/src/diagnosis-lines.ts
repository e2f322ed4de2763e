/** Why members of a run diverged, for the terminal. */
import type { Run } from "@leastaction/dynamics";

/** Why members diverged, a line each. */
export function diagnosisLines({ members }: Pick<Run, "members">): readonly string[] {
  return members.flatMap(({ name, seed, diagnosis }) =>
    diagnosis === null ? [] : [`${name}, seed ${seed}, diverged. ${diagnosis}\n`],
  );
}
