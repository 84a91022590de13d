import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PeerProcess } from "./peer-process.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "gridpact-peer-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

function peer(script: string): PeerProcess {
  const logPath = join(directory, "peer.log");
  return new PeerProcess("peer", {
    program: process.execPath,
    args: ["-e", script],
    logPath,
    settings: { GOGC: "400" },
  });
}

describe("a program of somebody else", () => {
  it("that ends by itself is an error, and its output is kept", async () => {
    const ending = peer(`console.log("GOGC is " + process.env.GOGC)`);
    await expect(ending.until(async () => false)).rejects.toMatchObject({ code: "PEER_FAILED" });
    expect(readFileSync(join(directory, "peer.log"), "utf8")).toBe("GOGC is 400\n");
    await ending.close();
  });

  it("is ended when it is closed", async () => {
    const staying = peer("setInterval(() => undefined, 1_000)");
    await staying.until(async () => true);
    await staying.close();
    expect(() => process.kill(staying.pid(), 0)).toThrow("ESRCH");
  });
});
