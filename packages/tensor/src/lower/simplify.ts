/**
 * Program to program: an equal program with less to do.
 */
import type { Program } from "../program/program.ts";

export function simplify(program: Program): Program {
  return program;
}
