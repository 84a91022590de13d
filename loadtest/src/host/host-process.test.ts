import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HostError, HostProcess } from "./host-process.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "gridpact-host-process-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

const LISTENS = `process.send({ state: "listening", engine: "twin", ports: { mqtt: 1, enrolment: 2, health: 3 } });`;

/** A host that does just this. */
function start(script: string, onProgress?: (text: string) => void): Promise<HostProcess> {
  const entry = join(directory, "entry.mjs");
  writeFileSync(entry, script);
  const options = { dataDirectory: "unused", store: { kind: "none" }, devices: 1_000, targetPath: "unused" } as const;
  return HostProcess.start(options, { directory, entry, ...(onProgress && { onProgress }) });
}

describe("a host in a process of its own", () => {
  it("tells how far enrolment is, though all is said at once, and ends when the parent goes", async () => {
    const told: string[] = [];
    const enrols = `for (const devices of [500, 1000]) process.send({ state: "enrolling", devices });`;
    const stays = `process.on("disconnect", () => process.exit(0));`;
    const host = await start(`${enrols}${LISTENS}${stays}`, (text) => told.push(text));
    expect(told).toEqual(["500 of 1000 devices enrolled", "1000 of 1000 devices enrolled"]);
    expect([host.engine(), host.ports()]).toEqual(["twin", { mqtt: 1, enrolment: 2, health: 3 }]);
    await host.close();
  });

  it("that ends before it listens is an error which says how, and where its output is", async () => {
    const starting = start(`console.error("why"); process.exit(3);`);
    await expect(starting).rejects.toThrow(HostError);
    await expect(starting).rejects.toMatchObject({
      code: "HOST_FAILED",
      message: expect.stringContaining("exit code 3"),
    });
    await expect(starting).rejects.toThrow(join(directory, "vn-host.log"));
  });

  it("that ends badly is no good end", async () => {
    const host = await start(`${LISTENS} process.on("disconnect", () => process.exit(7));`);
    await expect(host.close()).rejects.toThrow("exit code 7");
  });

  it("that was killed says by what", async () => {
    const host = await start(`${LISTENS} process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));`);
    await expect(host.close()).rejects.toThrow("SIGKILL");
  });
});
