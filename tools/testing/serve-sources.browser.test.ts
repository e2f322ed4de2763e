import { describe, expect, it } from "vitest";
import { chromiumPath } from "./chromium.ts";
import { withSourcesPage } from "./serve-sources.ts";

describe.skipIf(chromiumPath === undefined)("the packages in Chromium", () => {
  it("import by name under a policy without eval, and differentiate", async () => {
    const slope = await withSourcesPage((page) =>
      page.evaluate(`import("@leastaction/tensor").then(({ array, evaluate, grad, mul }) =>
        evaluate(grad((x) => mul(x, x)), array(3)).data[0])`),
    );
    expect(slope).toBe(6);
  });

  it("are served under that policy, so that a test of it can fail", async () => {
    const refused = withSourcesPage((page) =>
      page.evaluate(`new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.textContent = "window.ran = true";
        document.head.append(script);
        window.ran ? resolve() : reject(new Error("inline script refused"));
      })`),
    );
    await expect(refused).rejects.toThrow("inline script refused");
  });
});
