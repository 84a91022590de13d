import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Oadr3Client, systemClock } from "../src/index.ts";
import { PeerProcess } from "./peer-process.ts";

const KILLS = 4;
const EVENTS_BEFORE_KILL = 12;

let folder = "";
let listener: Server;
const notified = new Set<string>();

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "openadr3-crash-"));
  listener = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      notified.add(JSON.parse(Buffer.concat(chunks).toString()).object.eventName);
      response.end();
    });
  }).listen(0, "127.0.0.1");
  await once(listener, "listening");
});
afterEach(() => {
  listener.closeAllConnections();
  listener.close();
  rmSync(folder, { recursive: true });
});

async function start() {
  const script = fileURLToPath(new URL("./crash-child.ts", import.meta.url));
  const child = new PeerProcess(process.execPath, script, folder, "3.1");
  const { url } = await child.says((line) => line["url"] !== undefined);
  const bl = new Oadr3Client({ url: String(url), clientId: "bl", clientSecret: "1", clock: systemClock });
  const stop = async () => {
    await child.stop();
    await bl.close();
  };
  return { child, bl, stop };
}

it("a 3.1 VTN that is killed while events are made keeps and tells each it confirmed, and doubles none", {
  timeout: 60_000,
}, async () => {
  const address = listener.address();
  const callbackUrl = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/`;
  const confirmed: string[] = [];
  let programID = "";
  for (let kill = 0; kill < KILLS; kill += 1) {
    const { child, bl, stop } = await start();
    if (kill === 0) {
      programID = (await bl.create("programs", { programName: "P" })).id;
      const objectOperations = [{ objects: ["EVENT"], operations: ["CREATE"], callbackUrl }] as const;
      await bl.create("subscriptions", { clientName: "bl", objectOperations });
    }
    const attempts = Array.from({ length: EVENTS_BEFORE_KILL * 2 }, async (_, number) => {
      const { eventName } = await bl.create("events", { programID, eventName: `E-${kill}-${number}` });
      confirmed.push(String(eventName));
      if (confirmed.length >= (kill + 1) * EVENTS_BEFORE_KILL) await child.stop();
    });
    await Promise.allSettled(attempts);
    await stop();
  }
  const { bl, stop } = await start();
  const stored = (await bl.all("events")).map(({ eventName }) => String(eventName));
  await vi.waitFor(() => expect([...notified]).toEqual(expect.arrayContaining(stored)), 10_000);
  await stop();
  expect(confirmed.length).toBeGreaterThanOrEqual(KILLS * EVENTS_BEFORE_KILL);
  expect(stored).toEqual(expect.arrayContaining(confirmed));
  expect(new Set(stored).size).toBe(stored.length);
});
