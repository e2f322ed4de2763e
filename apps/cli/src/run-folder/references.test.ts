import { expect, test } from "vitest";
import { bibliography } from "./references.ts";

test("what a model cites becomes an entry with the fields that can be read from it", () => {
  const text = bibliography(
    [
      "Greydanus 2019, arXiv:1906.01563",
      "Greydanus 2019, Part 2 & more",
      "Bock, 1983, doi:10.1007/978-1-4684-7324-7_7.",
    ],
    "1.2.3",
  );
  expect(text).toContain("@software{leastaction,");
  expect(text).toContain("version = {1.2.3}");
  expect(text).toContain(
    "@misc{greydanus2019,\n  note = {Greydanus 2019, arXiv:1906.01563},\n  year = {2019},\n  eprint = {1906.01563},\n  archivePrefix = {arXiv}\n}",
  );
  expect(text).toContain("@misc{greydanus2019a,\n  note = {Greydanus 2019, Part 2 \\& more},");
  expect(text).toContain("doi = {10.1007/978-1-4684-7324-7\\_7}");
});

test("the same text is one entry", () => {
  expect(bibliography(["A 2001", "A 2001"], "1").match(/@misc/g)?.length).toBe(1);
});
