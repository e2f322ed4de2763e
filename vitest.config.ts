// Three projects. `node` is every test that needs nothing but Node: its files share the processes of the run, so that the
// sources are read once for each process, not once for each file. `alone` is the few files that put something else in
// the place of a module, each in a process of its own. `browser` is every `*.browser.test.ts`, which drives a Chromium of
// the machine and is skipped, loudly, where there is none (`tools/testing/chromium.ts`).
import { defineConfig, type ViteUserConfig } from "vitest/config";

const conditions = ["source", "node", "import", "default"];
const places = ["packages/*/src/**", "apps/*/src/**", "bench/**", "experiments/**", "fuzz/**", "tools/**"];
const never = ["**/node_modules/**", "**/dist/**"];
const alone = ["packages/dynamics/src/solver/wrong-digit.test.ts", "apps/cli/src/run-folder/run-keeper.test.ts"];

const config: ViteUserConfig = defineConfig({
  ssr: { resolve: { conditions } },
  resolve: { conditions },
  test: {
    testTimeout: 60_000,
    maxWorkers: 2,
    restoreMocks: true,
    unstubEnvs: true,
    reporters: ["default", "./tools/summary-reporter.js"],
    projects: [
      {
        extends: true,
        test: {
          name: "node",
          include: places.map((place) => `${place}/*.test.ts`),
          exclude: [...never, ...alone, "**/*.browser.test.ts"],
          isolate: false,
        },
      },
      { extends: true, test: { name: "alone", include: alone, exclude: never } },
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
