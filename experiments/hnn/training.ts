/**
 * The recipes that both networks are trained by: the published one, and a small one for tests.
 */
import { constantSchedule, cosineSchedule } from "@leastaction/dynamics";

/** A recipe. */
export interface Training {
  readonly name: "published" | "reduced";
  /** Units of each of the two hidden layers. */
  readonly width: number;
  /** Trajectories of the training data. */
  readonly trajectories: number;
  /** Full-batch steps of Adam. */
  readonly steps: number;
  readonly schedule: ReturnType<typeof constantSchedule>;
  /** Weight decay, added to the gradient. */
  readonly l2: number;
}

/** The recipes by name. */
export const trainings: Readonly<Record<Training["name"], Training>> = {
  published: {
    name: "published",
    width: 200,
    trajectories: 25,
    steps: 2000,
    schedule: constantSchedule(1e-3),
    l2: 1e-4,
  },
  reduced: {
    name: "reduced",
    width: 32,
    trajectories: 25,
    steps: 400,
    schedule: cosineSchedule({ peak: 5e-3, steps: 400 }),
    l2: 1e-4,
  },
};
