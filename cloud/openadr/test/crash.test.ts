import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createEvent, eventFromFlags, listEvents } from "../src/index.ts";
import { PeerProcess } from "./peer-process.ts";

const KILLS = 4;
const EVENTS_BEFORE_KILL = 12;

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "openadr-crash-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function start() {
  const child = new PeerProcess(process.execPath, fileURLToPath(new URL("./crash-child.ts", import.meta.url)), folder);
  const { adminUrl } = await child.says((line) => line["adminUrl"] !== undefined);
  return { child, adminUrl: String(adminUrl) };
}

it("a VTN that is killed while events are made loses none it confirmed and doubles none", {
  timeout: 60_000,
}, async () => {
  const flags = { ven: ["VEN-1"], signal: "SIMPLE", level: 1, start: "2050-01-01T00:00:00Z", duration: "PT5M" };
  const confirmed: string[] = [];
  for (let kill = 0; kill < KILLS; kill += 1) {
    const { child, adminUrl } = await start();
    const attempts = Array.from({ length: EVENTS_BEFORE_KILL * 2 }, async (_, number) => {
      const { eventId } = await createEvent(adminUrl, { ...eventFromFlags(flags), eventId: `E-${kill}-${number}` });
      confirmed.push(eventId);
      if (confirmed.length >= (kill + 1) * EVENTS_BEFORE_KILL) await child.stop();
    });
    await Promise.allSettled(attempts);
    await child.stop();
  }
  const { child, adminUrl } = await start();
  const stored = (await listEvents(adminUrl)).map(({ eventId }) => eventId);
  await child.stop();
  expect(confirmed.length).toBeGreaterThanOrEqual(KILLS * EVENTS_BEFORE_KILL);
  expect(stored).toEqual(expect.arrayContaining(confirmed));
  expect(new Set(stored).size).toBe(stored.length);
});
