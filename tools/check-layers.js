// Holds the layering that `layers.json` writes down, once, for every workspace.
//
// A unit is a file or folder directly below `source`. A file imports from its own unit or from units of lower levels;
// units of one level do not see each other; files never import in a circle, type imports included; and nothing comes
// from outside but the packages named in `external` ("node:" stands for all of Node), by their public entries. Tests
// and `testing/` folders import what they like, and nothing else imports them. No levels: only the outside and circles
// are checked.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { importsOf, isTestFile, listFiles } from "./source-files.js";

/**
 * @typedef {{ source: string, external: string[], levels: string[][] }} Layering
 * @typedef {{ file: string, imports: { specifier: string, target: string | undefined }[] }} Module
 */

/**
 * @param {string} root
 * @param {readonly Layering[]} layerings
 * @returns {string[]} what is wrong, one sentence each; empty when all holds
 */
export function findLayerViolations(root, layerings) {
  return layerings.flatMap((layering) => {
    const modules = readModules(root, layering.source);
    return [
      ...modules.filter(({ file }) => !isTestFile(file)).flatMap((module) => checkModule(root, layering, module)),
      ...findCircles(modules),
    ];
  });
}

/**
 * @param {string} root
 * @param {string} source
 * @returns {Module[]}
 */
function readModules(root, source) {
  return listFiles(root, source, [".ts"]).map((file) => ({
    file,
    imports: importsOf(path.join(root, file)).map((specifier) => ({
      specifier,
      target: specifier.startsWith(".") ? path.posix.join(path.posix.dirname(file), specifier) : undefined,
    })),
  }));
}

/**
 * @param {string} root
 * @param {Layering} layering
 * @param {Module} module
 * @returns {string[]}
 */
function checkModule(root, layering, { file, imports }) {
  const level = levelOf(layering, file);
  if (level === undefined)
    return [`${file}: unit '${unitOf(layering, file)}' has no level; name it in tools/layers.json`];
  return imports.flatMap(({ specifier, target }) => {
    if (target === undefined)
      return isAllowedOutside(layering, specifier) ? [] : [`${file}: may not import '${specifier}'`];
    if (!target.startsWith(`${layering.source}/`)) return [`${file}: '${specifier}' leaves ${layering.source}`];
    if (!existsSync(path.join(root, target))) return [`${file}: '${specifier}' does not exist`];
    if (isTestFile(target)) return [`${file}: imports '${specifier}', which is only for tests`];
    return isLower(layering, file, target) ? [] : [`${file}: '${specifier}' is not on a lower level`];
  });
}

/**
 * @param {Layering} layering
 * @param {string} specifier
 * @returns {boolean}
 */
function isAllowedOutside({ external }, specifier) {
  return external.some((name) => (name.endsWith(":") ? specifier.startsWith(name) : specifier === name));
}

/**
 * @param {Layering} layering
 * @param {string} from
 * @param {string} to
 * @returns {boolean}
 */
function isLower(layering, from, to) {
  if (layering.levels.length === 0 || unitOf(layering, from) === unitOf(layering, to)) return true;
  return (levelOf(layering, to) ?? Number.POSITIVE_INFINITY) < (levelOf(layering, from) ?? 0);
}

/**
 * @param {Layering} layering
 * @param {string} file
 * @returns {string}
 */
function unitOf({ source }, file) {
  const [first = ""] = file.slice(source.length + 1).split("/");
  return first.replace(/\.ts$/, "");
}

/**
 * @param {Layering} layering
 * @param {string} file
 * @returns {number | undefined}
 */
function levelOf(layering, file) {
  if (layering.levels.length === 0) return 0;
  const level = layering.levels.findIndex((units) => units.includes(unitOf(layering, file)));
  return level < 0 ? undefined : level;
}

/**
 * One sentence per circle found by a depth-first walk.
 * @param {readonly Module[]} modules
 * @returns {string[]}
 */
function findCircles(modules) {
  const targets = new Map(modules.map(({ file, imports }) => [file, imports.flatMap(({ target }) => target ?? [])]));
  const done = new Set();
  /** @type {string[]} */
  const found = [];
  /** @param {string} file @param {readonly string[]} trail */
  const walk = (file, trail) => {
    const start = trail.indexOf(file);
    if (start >= 0) found.push(`${file}: imports in a circle: ${[...trail.slice(start), file].join(" -> ")}`);
    if (start >= 0 || done.has(file)) return;
    for (const target of targets.get(file) ?? []) walk(target, [...trail, file]);
    done.add(file);
  };
  for (const { file } of modules) walk(file, []);
  return found;
}

/**
 * The layering of this repository.
 * @param {string} root
 * @returns {Layering[]}
 */
export function readLayerings(root) {
  /** @type {Layering[]} */
  const layerings = JSON.parse(readFileSync(path.join(root, "tools/layers.json"), "utf8"));
  return layerings;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const violations = findLayerViolations(".", readLayerings("."));
  for (const violation of violations) console.error(violation);
  console.error(violations.length === 0 ? "layers: ok" : `layers: ${violations.length} violations`);
  process.exitCode = violations.length === 0 ? 0 : 1;
}
