/**
 * Where the bench lies: its sources, baselines and peers, whether this module runs as source or from `dist`.
 */
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));

/** The absolute path of `bench/`. */
export const benchFolder: string = path.basename(here) === "dist" ? path.dirname(here) : here;
