/**
 * A page in which the packages can be imported by name, straight from their sources: each `.ts` file is served with its
 * types stripped, so a browser test needs no build.
 *
 * The page's content security policy is the strictest a user of the packages could have: no eval, no inline script but
 * the import map, WebAssembly allowed.
 */
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import type { Page } from "playwright-core";
import { transformWithOxc } from "vite";
import { launchChromium } from "./chromium.ts";

const policy = "default-src 'self'; script-src 'self' 'nonce-map' 'wasm-unsafe-eval'";
const importMap = {
  imports: {
    "@leastaction/tensor": "/packages/tensor/src/index.ts",
    "@leastaction/tensor/kernel": "/packages/tensor/src/kernel/index.ts",
    "@leastaction/dynamics": "/packages/dynamics/src/index.ts",
  },
};
const page = `<!doctype html><script type="importmap" nonce="map">${JSON.stringify(importMap)}</script>`;

/** Headers of a page that may share memory with its workers, which may be made from text. */
const isolation: Readonly<Record<string, string>> = {
  "content-security-policy": `${policy}; worker-src 'self' blob:`,
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};

/**
 * The result of `use` with an open page; browser and server are gone afterwards.
 *
 * @param kind `isolated`: a page that may share memory with its workers; default: `plain`.
 */
export async function withSourcesPage<R>(
  use: (page: Page) => Promise<R>,
  kind: "plain" | "isolated" = "plain",
): Promise<R> {
  const server = await serve(process.cwd(), kind === "isolated" ? isolation : {});
  const browser = await launchChromium();
  try {
    const tab = await browser.newPage();
    await tab.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    return await use(tab);
  } finally {
    await browser.close();
    server.close();
  }
}

function serve(root: string, headers: Readonly<Record<string, string>>): Promise<Server> {
  const server = createServer((request, response) => {
    const name = decodeURI(new URL(request.url ?? "/", "http://localhost").pathname);
    void answer(root, name).then(({ status, type, body }) => {
      response.writeHead(status, { "content-type": type, "content-security-policy": policy, ...headers });
      response.end(body);
    });
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve(server));
  });
}

async function answer(root: string, name: string): Promise<{ status: number; type: string; body: string }> {
  if (name === "/") return { status: 200, type: "text/html", body: page };
  const file = path.join(root, name);
  if (!/^\/packages\/[^/]+\/src\/.*\.ts$/.test(name)) return { status: 404, type: "text/plain", body: name };
  const source = await readFile(file, "utf8").catch(() => undefined);
  if (source === undefined) return { status: 404, type: "text/plain", body: name };
  const options = { target: "es2023", sourcemap: false, typescript: { onlyRemoveTypeImports: true } };
  return { status: 200, type: "text/javascript", body: (await transformWithOxc(source, file, options)).code };
}
