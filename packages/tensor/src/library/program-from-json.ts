/**
 * Programs from files, which may hold any primitive: all of the language is loaded.
 */
import { loadAll } from "../dialect/all.ts";
import type { Json } from "../program/json.ts";
import type { Program } from "../program/program.ts";
import type { ProgramLimits } from "../program/program-limits.ts";
import { readProgram } from "../program/read-program.ts";

/**
 * The program of a JSON value.
 *
 * @param limits What it may take; those left out are `programLimits`.
 * Errors: another version, unknown primitives or parameters, wrong types or shapes, sizes above the limits; each says
 * where.
 */
export function programFromJson(json: Json, limits: Partial<ProgramLimits> = {}): Program {
  loadAll();
  return readProgram(json, limits);
}
