/**
 * One checkpoint as bytes: a safetensors file whose metadata hold the facts in JSON, the version of this layout, and the
 * SHA-256 of the whole file, taken with 64 zeros in its own place. The checksum is looked at before anything is parsed.
 */
import { createHash } from "node:crypto";
import { readSafetensors, type SavedState, writeSafetensors } from "@leastaction/dynamics";
import { CommandError } from "../command-error.ts";

/** Version of the layout. */
export const checkpointSchema = 1;

export interface Checkpoint {
  readonly state: SavedState;
  /** Optimiser steps since the very beginning. */
  readonly steps: number;
  /** Bytes of `metrics.jsonl` that belong to what came before. */
  readonly metrics: number;
}

const format = "leastaction-checkpoint";
const zeros = "0".repeat(64);
/** What every file begins with after the 8 bytes of the header's length, up to the checksum. */
const opening = '{"__metadata__":{"sha256":"';
const checksumAt = 8 + opening.length;

export function checkpointBytes({ state, steps, metrics }: Checkpoint): Uint8Array<ArrayBuffer> {
  const facts = JSON.stringify({ steps, metrics, state: state.facts });
  const metadata = { sha256: zeros, format, schema: String(checkpointSchema), facts };
  const bytes = writeSafetensors({ tensors: state.tensors, metadata });
  const found = latin(bytes, 8, checksumAt + zeros.length);
  if (found !== opening + zeros) throw new Error(`The checkpoint's tensors have names that are numbers: ${found}`);
  bytes.set(new TextEncoder().encode(checksum(bytes)), checksumAt);
  return bytes;
}

/** @param shown the file as messages name it. Errors (status 3): damaged, of another kind, newer than this program. */
export function checkpointOf(bytes: Uint8Array, shown: string): Checkpoint {
  const end = checksumAt + zeros.length;
  if (bytes.length < end || latin(bytes, 8, checksumAt) !== opening) throw refusal(shown, "a file of another kind");
  const stated = latin(bytes, checksumAt, end);
  if (checksum(bytes) !== stated) throw refusal(shown, "a damaged file: its checksum is another");
  const { tensors, metadata } = readSafetensors(bytes);
  if (metadata.format !== format) throw refusal(shown, "a file of another kind");
  if (metadata.schema !== String(checkpointSchema)) throw refusal(shown, `version ${String(metadata.schema)} of it`);
  const read = JSON.parse(metadata.facts ?? "null") as Partial<Read> | null;
  if (!isRead(read)) throw refusal(shown, "one without its facts");
  return { state: { facts: read.state, tensors }, steps: read.steps, metrics: read.metrics };
}

interface Read extends Pick<Checkpoint, "steps" | "metrics"> {
  readonly state: SavedState["facts"];
}

function isRead(read: Partial<Read> | null): read is Read {
  const counts = [read?.steps, read?.metrics];
  return typeof read?.state === "object" && counts.every((count) => Number.isSafeInteger(count) && Number(count) >= 0);
}

function latin(bytes: Uint8Array, from: number, to: number): string {
  return new TextDecoder("latin1").decode(bytes.subarray(from, to));
}

/** Of everything but itself. */
function checksum(bytes: Uint8Array): string {
  const hash = createHash("sha256").update(bytes.subarray(0, checksumAt)).update(zeros);
  return hash.update(bytes.subarray(checksumAt + zeros.length)).digest("hex");
}

function refusal(shown: string, found: string): CommandError {
  return new CommandError(
    `Cannot go on from ${shown}: expected a checkpoint of version ${checkpointSchema}, got ${found}`,
    "Go on with the version of leastaction that wrote it, or start the run again with --force.",
    "unusable-checkpoint",
  );
}
