/** The verification as a browser has it: built by the web app's build, run where there is nothing of Node.js. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import vm from "node:vm";

/** Checks files against a trust file: reports as canonical JSON, in the order of the files. */
export type FileChecker = (trustText: string, files: readonly Uint8Array[]) => Promise<string[]>;

const BUILD = fileURLToPath(new URL("../../../dapp/test/build-checker.ts", import.meta.url));

/** The built script, as text. */
export function builtChecker(): string {
  const directory = mkdtempSync(join(tmpdir(), "gridpact-checker-"));
  const file = join(directory, "checker.js");
  const built = spawnSync(process.execPath, [BUILD, file], { encoding: "utf8" });
  if (built.status !== 0) throw new Error(`the checker did not build: ${built.stderr}`);
  const script = readFileSync(file, "utf8");
  rmSync(directory, { recursive: true });
  return script;
}

const base64Of = (files: readonly Uint8Array[]) => files.map((file) => Buffer.from(file).toString("base64"));

/** In a realm that has the language and what every browser has, and neither Buffer nor process nor require. */
export function realmChecker(script: string): FileChecker {
  const context = vm.createContext({ Blob, DecompressionStream, TextDecoder, TextEncoder });
  vm.runInContext(script, context);
  return async (trustText, files) => {
    const call = `checker.checkFiles(${JSON.stringify(trustText)}, ${JSON.stringify(base64Of(files))})`;
    return [...((await vm.runInContext(call, context)) as string[])];
  };
}

const BROWSERS = ["chromium", "chromium-browser", "google-chrome"];

/** A browser on this machine; undefined when there is none. */
export function findBrowser(): string | undefined {
  return BROWSERS.find((name) => spawnSync(name, ["--version"]).status === 0);
}

/** A page that runs the script under the policy of our pages: no inline script, no evaluated text. */
const POLICY = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'";
const PAGE = '<!doctype html><script src="/checker.js"></script><script src="/run.js"></script>';
const RUN = `(async () => {
  const { trustText, files } = await (await fetch("/work.json")).json();
  return await checker.checkFiles(trustText, files);
})().catch((error) => String(error.stack)).then((answer) =>
  fetch("/done", { method: "POST", body: JSON.stringify(answer) }));`;

/** In a real browser, which fetches its work from a server on loopback and tells it what came of it. */
export function browserChecker(script: string, browser: string): FileChecker {
  return async (trustText, files) => {
    const work = JSON.stringify({ trustText, files: base64Of(files) });
    const contents: Record<string, [type: string, body: string]> = {
      "/": ["text/html", PAGE],
      "/checker.js": ["text/javascript", script],
      "/run.js": ["text/javascript", RUN],
      "/work.json": ["application/json", work],
    };
    const { promise, resolve } = Promise.withResolvers<string>();
    const server = createServer((request, reply) => {
      if (request.url === "/done") {
        void bodyOf(request).then(resolve);
        return reply.end();
      }
      const [type, body] = contents[request.url ?? ""] ?? ["text/plain", ""];
      return reply.writeHead(200, { "content-type": type, "content-security-policy": POLICY }).end(body);
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    try {
      const answer = await answerOf(browser, (server.address() as AddressInfo).port, promise);
      if (typeof answer === "string") throw new Error(`in ${browser}: ${answer}`);
      return answer;
    } finally {
      server.closeAllConnections();
      server.close();
    }
  };
}

async function answerOf(browser: string, port: number, answer: Promise<string>): Promise<string[] | string> {
  const profile = mkdtempSync(join(tmpdir(), "gridpact-browser-"));
  // Containers have no sandbox to give; what runs in here is our own script.
  const options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", `--user-data-dir=${profile}`];
  const running = spawn(browser, [...options, `http://127.0.0.1:${port}/`], { stdio: "ignore" });
  const ended = once(running, "exit");
  const early = ended.then(([code]) => JSON.stringify(`it ended with ${code} before it was done`));
  const text = await Promise.race([answer, early]);
  running.kill();
  await ended;
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  return JSON.parse(text) as string[] | string;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks).toString();
}
