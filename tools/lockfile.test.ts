// The lockfile must install anywhere: it names no registry host, has an entry for every platform's optional package
// (npm leaves out those it cannot find, and then refuses the file elsewhere), and pins exactly what package.json says.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

interface Entry {
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const read = (file: string): unknown => JSON.parse(readFileSync(file, "utf8"));
const { packages } = read("package-lock.json") as { packages: Record<string, Entry> };
const manifests = [
  "package.json",
  ...["packages/tensor", "packages/dynamics", "packages/formats", "apps/cli", "bench", "experiments", "fuzz"].map(
    (folder) => `${folder}/package.json`,
  ),
];

it("names no host", () => {
  expect(Object.values(packages).filter(({ resolved }) => resolved?.includes("://"))).toEqual([]);
});

it("has an entry for every optional package", () => {
  const missing = Object.entries(packages).flatMap(([place, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) =>
        packages[`node_modules/${name}`] === undefined && packages[`${place}/node_modules/${name}`] === undefined,
    ),
  );
  expect(missing).toEqual([]);
});

it("belongs to manifests that pin exact versions", () => {
  for (const file of manifests) {
    const { dependencies = {}, devDependencies = {} } = read(file) as Record<
      string,
      Record<string, string> | undefined
    >;
    for (const version of Object.values({ ...dependencies, ...devDependencies })) {
      expect(version, file).toMatch(/^(npm:[\w-]+@)?\d+\.\d+\.\d+$/);
    }
  }
});
