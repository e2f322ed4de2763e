/** How the process ends for an error, by its code. */
import type { DataErrorCode } from "@leastaction/dynamics";
import type { TensorErrorCode } from "@leastaction/tensor";
import type { CommandErrorCode } from "./command-error.ts";
import { type ExitStatus, exitStatus } from "./exit-status.ts";

/** The codes of errors that are not about data: those of `DataError` all end with 3. */
type OtherCode = CommandErrorCode | TensorErrorCode;

const { fault, usage, data, training, unwritten, inUse } = exitStatus;

const statusByCode: Readonly<Record<OtherCode, ExitStatus>> = {
  "wrong-usage": usage,
  "unknown-name": usage,
  "unreadable-data": data,
  "changed-data": data,
  "unusable-run": usage,
  "unlike-runs": usage,
  "unusable-module": usage,
  "unusable-place": usage,
  "unwritten-result": unwritten,
  "unusable-checkpoint": data,
  "folder-in-use": inUse,
  "no-native-target": usage,
  "out-of-memory": training,
  "no-finite-model": training,
  "wrong-use": usage,
  "no-such-name": usage,
  "unusable-file": usage,
  "unknown-version": usage,
  "too-little-data": data,
  breakdown: usage,
  "no-machine-code": usage,
  "unusable-cache": usage,
  "no-memory": training,
  "program-too-long": training,
  defect: fault,
};

/** The exit status of a code. */
export function statusOfCode(code: OtherCode | DataErrorCode): ExitStatus {
  return Object.hasOwn(statusByCode, code) ? statusByCode[code as OtherCode] : data;
}

/** An error that is a message for the user: `Cannot …`, then what to do. */
export interface MessageError extends Error {
  readonly code: OtherCode | DataErrorCode;
  readonly remedy: string;
}

/** Whether an error is a message for the user rather than a fault of this program. */
export function isMessage(error: unknown): error is MessageError {
  if (!(error instanceof Error && "remedy" in error && "code" in error)) return false;
  return /^Cannot [^\n]+\n./.test(error.message) && error.code !== "defect";
}
