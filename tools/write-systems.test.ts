import { readFileSync } from "node:fs";
import { systemFamilies, systems } from "@leastaction/dynamics";
import { describe, expect, it } from "vitest";
import { picture, systemsPicture } from "./draw-systems.js";
import { page, systemsPage } from "./write-systems.js";

describe("docs/systems.md", () => {
  const text = readFileSync(page, "utf8");

  it("is in step with the records", () => {
    expect(text, "run npm run build && node tools/write-systems.js").toBe(systemsPage(systems, systemFamilies));
  });

  it("has a section for each system, without gaps", () => {
    for (const { name } of systems) expect(text).toContain(`\n## ${name}\n`);
    expect(text).not.toMatch(/undefined|null|NaN|\[object/);
  });
});

describe("docs/images/systems.svg", () => {
  const text = readFileSync(picture, "utf8");

  it("shows every system", () => {
    const titles = [...text.matchAll(/class="title"[^>]*>([^<]+)</g)].map(([, title]) => title);
    expect(titles, "run npm run build && node tools/draw-systems.js").toEqual(systems.map(({ name }) => name));
  });

  it("is drawn from motions that are finite and do not stand still", () => {
    const chosen = systems.filter(({ name }) => ["pendulum", "kepler", "fput-chain"].includes(name));
    const drawn = systemsPicture(chosen);
    expect(drawn).not.toMatch(/NaN|Infinity|undefined/);
    const paths = [...drawn.matchAll(/ d="M([^l]+)l([^"]+)"/g)].map(([, , steps]) => steps ?? "");
    expect(paths.length).toBeGreaterThan(10);
    for (const steps of paths) expect(new Set(steps.split(/[ -]/)).size).toBeGreaterThan(3);
  });
});
