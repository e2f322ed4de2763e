/**
 * `@leastaction/formats`: tables of measurements in the files that physicists have.
 *
 * The main road: `sourcesOf(name, bytes)` → `datasetOf(sources)` of `@leastaction/dynamics`.
 */

export type { ArrayNode, DataNode, FileArrays, GroupNode, ListNode, NoNode } from "./data-tree.ts";
export { type ForeignFile, type Format, formatOf } from "./format-of.ts";
export { type Hdf5Reader, hdf5Arrays, isHdf5Broken, readHdf5 } from "./hdf5.ts";
export { readMatlab } from "./matlab.ts";
export { readNpy, readNpz } from "./npz.ts";
export { readParquet } from "./parquet.ts";
export { type SourcesOptions, sourcesOf } from "./sources-of.ts";
