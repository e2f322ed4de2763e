import { models } from "@leastaction/dynamics";
import { expect, test } from "vitest";
import { bibliography, referenceLine } from "./references.ts";

test("of a free citation, the fields that can be read from it", () => {
  const text = bibliography(
    ["Mine 2019, arXiv:2512.01234", "Mine 2019, Part 2 & more", "arXiv:2512.99999", "Bock, 1983, doi:10.1007/978-1_7."],
    "1.2.3",
  );
  expect(text).toContain("@software{leastaction,\n");
  expect(text).toContain("version = {1.2.3}");
  expect(text).toContain(
    "@misc{mine2019,\n  note = {Mine 2019, arXiv:2512.01234},\n  year = {2019},\n  eprint = {2512.01234},\n  archivePrefix = {arXiv}\n}",
  );
  expect(text).toContain("@misc{mine2019-2,\n  note = {Mine 2019, Part 2 \\& more},");
  expect(text).toContain("@misc{reference2025,\n  note = {arXiv:2512.99999},\n  year = {2025},");
  expect(text).toContain("doi = {10.1007/978-1\\_7}");
});

test("the same text is one entry", () => {
  expect(bibliography(["A 2001", "A 2001"], "1").match(/@misc/g)?.length).toBe(1);
});

test("whatever a model of the library cites is known with author and title", () => {
  const cited = [...new Set(models.flatMap(({ cites }) => cites))];
  expect(cited.length).toBeGreaterThan(5);
  expect(cited.filter((text) => referenceLine(text) === text)).toEqual([]);
  expect(bibliography(cited, "1").match(/author = /g)?.length).toBe(cited.length);
  expect(referenceLine("arXiv:1906.01563")).toBe(
    "Sam Greydanus, Misko Dzamba, Jason Yosinski: Hamiltonian Neural Networks. Advances in Neural Information Processing Systems 32, 2019. arXiv:1906.01563.",
  );
});
