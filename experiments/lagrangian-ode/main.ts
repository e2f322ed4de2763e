/**
 * Lagrangian neural ODEs with the Helmholtz metric and without, pair by pair; see README.md beside this file, and
 * `run-trainings.ts` for the options.
 */
import { lagrangianOdeExperiment } from "@leastaction/dynamics";
import { runTrainings } from "../run-trainings.ts";

await runTrainings(lagrangianOdeExperiment);
