/** The bytes of a file in `fixtures/`. */
import { readFileSync } from "node:fs";

export function fixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`fixtures/${name}`, import.meta.url)));
}
