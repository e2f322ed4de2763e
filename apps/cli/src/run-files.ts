/** The files of a run folder, read and checked: for scripts that look at runs, and for whoever doubts the checks. */
export { type TestedErrors, type TestedMember, type TestedRun, testedRunOf } from "./compare/tested-run.ts";
export { runRecordOf } from "./run-folder/read-run-record.ts";
export type { RunConfiguration, RunData, RunRecord } from "./run-folder/run-record.ts";
