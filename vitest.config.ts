// Two projects: `node` is every test that needs nothing but Node, `browser` is every `*.browser.test.ts`, which drives
// a Chromium of the machine and is skipped, loudly, where there is none (`tools/testing/chromium.ts`).
import { defineConfig, type ViteUserConfig } from "vitest/config";

const conditions = ["source", "node", "import", "default"];
const places = ["packages/*/src/**", "apps/*/src/**", "bench/**", "experiments/**", "fuzz/**", "tools/**"];
const never = ["**/node_modules/**", "**/dist/**"];

const config: ViteUserConfig = defineConfig({
  ssr: { resolve: { conditions } },
  resolve: { conditions },
  test: {
    testTimeout: 60_000,
    maxWorkers: 2,
    reporters: ["default", "./tools/summary-reporter.js"],
    projects: [
      {
        extends: true,
        test: {
          name: "node",
          include: places.map((place) => `${place}/*.test.ts`),
          exclude: [...never, "**/*.browser.test.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          include: places.map((place) => `${place}/*.browser.test.ts`),
          exclude: never,
          globalSetup: "./tools/testing/announce-browser.ts",
        },
      },
    ],
  },
});

export default config;
