import { describe, expect, it } from "vitest";
import { experiments } from "./experiments.ts";

describe.each(experiments.map((experiment) => [experiment.name, experiment] as const))("%s", (_name, experiment) => {
  const { parts, controls, setting, rows, figures } = experiment;

  it("tells what each control changes", () => {
    for (const { name: control } of controls) {
      const changed = parts.filter(({ name: part }) => {
        const [plain, taken] = [null, control].map((each) => setting({ part, form: "quick", control: each }));
        return JSON.stringify(plain) !== JSON.stringify(taken);
      });
      expect(changed.map(({ name }) => name)).not.toEqual([]);
    }
  });

  it("has names that are names of files", () => {
    for (const { name } of [experiment, ...parts, ...controls]) expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
  });

  it("has a table of nothing", () => {
    expect(() => [rows([]), figures([])]).not.toThrow();
  });
});
