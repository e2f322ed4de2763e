// Checks, after a build, that the packages are what their package.json says: every target of `exports` and `bin`
// exists, every entry can be imported, `bin` prints the version, and the packed tarball holds the build, the sources,
// the licence and no tests. A workspace marked private is not checked.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** @typedef {{ name: string, version: string, private?: boolean, exports?: Record<string, Record<string, string>>, bin?: Record<string, string> }} Manifest */

/**
 * @param {string} folder of one package
 * @returns {string[]} what is wrong, one sentence each; empty when all holds
 */
export function findExportViolations(folder) {
  /** @type {Manifest} */
  const manifest = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
  if (manifest.private === true) return [];
  const named = [...Object.values(manifest.exports ?? {}).flatMap(Object.values), ...Object.values(manifest.bin ?? {})];
  const missing = named.filter((target) => !existsSync(path.join(folder, target)));
  if (missing.length > 0) return missing.map((target) => `${manifest.name}: ${target} does not exist`);
  return [...checkEntries(folder, manifest), ...checkBins(folder, manifest), ...checkTarball(folder, manifest, named)];
}

/**
 * @param {string} folder
 * @param {Manifest} manifest
 * @returns {string[]}
 */
function checkEntries(folder, { name, exports = {} }) {
  return Object.entries(exports).flatMap(([entry, targets]) => {
    const specifier = path.posix.join(name, entry);
    const { status, stderr } = run(folder, ["--input-type=module", "--eval", `await import("${specifier}")`]);
    if (targets.types === undefined) return [`${name}: entry '${entry}' has no types`];
    return status === 0 ? [] : [`${name}: cannot import '${specifier}': ${stderr.trim()}`];
  });
}

/**
 * @param {string} folder
 * @param {Manifest} manifest
 * @returns {string[]}
 */
function checkBins(folder, { name, version, bin = {} }) {
  return Object.entries(bin).flatMap(([command, target]) => {
    const { stdout, stderr } = run(folder, [target, "--version"]);
    if (stdout.trim() === version) return [];
    return [`${name}: '${command} --version' printed '${(stdout + stderr).trim()}', expected '${version}'`];
  });
}

/**
 * @param {string} folder
 * @param {Manifest} manifest
 * @param {readonly string[]} named files that the manifest points to
 * @returns {string[]}
 */
function checkTarball(folder, { name }, named) {
  const { stdout, stderr } = spawnSync("npm", ["pack", "--dry-run", "--json"], { cwd: folder, encoding: "utf8" });
  if (!stdout.trimStart().startsWith("[")) return [`${name}: cannot be packed: ${stderr.trim()}`];
  /** @type {{ files: { path: string }[] }[]} */
  const [tarball] = JSON.parse(stdout);
  const packed = (tarball?.files ?? []).map((file) => file.path);
  const needed = ["LICENSE", ...named.map((target) => path.posix.normalize(target))];
  return [
    ...needed.filter((file) => !packed.includes(file)).map((file) => `${name}: the tarball lacks ${file}`),
    ...packed
      .filter((file) => /\.test\.|(^|\/)testing\//.test(file))
      .map((file) => `${name}: the tarball holds the test file ${file}`),
  ];
}

/**
 * @param {string} folder
 * @param {string[]} parameters
 */
function run(folder, parameters) {
  return spawnSync(process.execPath, parameters, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const violations = ["packages/tensor", "packages/dynamics", "apps/cli"].flatMap(findExportViolations);
  for (const violation of violations) console.error(violation);
  console.error(violations.length === 0 ? "exports: ok" : `exports: ${violations.length} violations`);
  process.exitCode = violations.length === 0 ? 0 : 1;
}
