import { parseHTML } from "linkedom";
import { describe, expect, test } from "vitest";
import { figuresOf } from "./figures-of-report.ts";
import { renderReport } from "./render-report.ts";
import { pendulumContent } from "./testing/pendulum-content.ts";

const figures = figuresOf(pendulumContent);
const page = renderReport(pendulumContent, figures);
const { document } = parseHTML(page);

describe("the page", () => {
  test("opens with the plain sentences, before any figure or table", () => {
    const sentences = [...document.querySelectorAll("dl.plain dd")].map((node) => node.textContent);
    expect(sentences).toEqual(pendulumContent.sentences.map(({ text }) => text));
    expect(page.indexOf("</dl>")).toBeLessThan(page.indexOf("<figure>"));
    expect(page.indexOf("</dl>")).toBeLessThan(page.indexOf("<table"));
  });

  test("loads nothing and runs nothing", () => {
    expect(page).not.toMatch(/<(script|link|img|iframe|object)\b/);
    expect(page).not.toMatch(/\b(src|href)=|url\((?!#)|@import|https?:\/\//);
  });

  test("shows every part of the content", () => {
    const headings = [...document.querySelectorAll("h2")].map((node) => node.textContent);
    expect(headings).toEqual([
      "Forecast against truth",
      "How the error grows, and what was learned",
      "How the training went",
      "All candidates",
      "Constants",
      "The motion as an equation",
      "What was read",
      "How to repeat it",
      "What this model cannot know",
      "References",
    ]);
    expect(document.querySelectorAll("tr.winner").length).toBe(1);
    const texts = [...document.querySelectorAll("pre")].map((node) => node.textContent);
    expect(texts).toEqual([pendulumContent.equation?.lines.join("\n"), pendulumContent.command]);
  });

  test("keeps the user's words as text", () => {
    expect(page).toContain("Anything beyond 1.62 rad &lt;not seen&gt;.");
    expect(page).not.toContain("<not seen>");
  });

  test("leaves out what is not there", () => {
    const bare = {
      ...pendulumContent,
      forecasts: [],
      constants: [],
      equation: null,
      cannotKnow: [],
      references: [],
      energy: null,
      training: [],
    };
    const text = renderReport(bare, figuresOf(bare));
    expect(text).not.toContain("Forecast against truth");
    expect(text).not.toContain("Constants");
    expect(text).not.toContain("Training loss");
    expect(text).not.toContain("Energy learned");
  });
});

describe("figures", () => {
  test("are drawn for wide and narrow pages, with the user's names and units", () => {
    const drawn = [...document.querySelectorAll("figure")];
    expect(drawn.length).toBe(7);
    for (const one of drawn) {
      expect([...one.querySelectorAll("svg")].map((svg) => svg.getAttribute("data-width"))).toEqual(["wide", "narrow"]);
    }
    const words = [...document.querySelectorAll("svg text")].map((node) => node.textContent);
    expect(words).toEqual(expect.arrayContaining(["theta1 (rad)", "omega1 (rad/s)", "t (s)"]));
  });

  test("hold no number that is not one, and none longer than can be seen", () => {
    const paths = [...document.querySelectorAll("svg path")].map((node) => node.getAttribute("d") ?? "");
    expect(paths.length).toBeGreaterThan(50);
    expect(paths.filter((path) => /NaN|Infinity|undefined|\d\.\d{3}/.test(path))).toEqual([]);
  });

  test("stand alone as files, in the light colours", () => {
    for (const { svg } of figures.forecasts) {
      expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" /);
      expect(svg).toContain("--accent:#");
      expect(svg).toContain("<title>theta1 of ");
    }
  });
});
