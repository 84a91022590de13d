import { existsSync } from "node:fs";
import { VirtualClock } from "@gridpact/host";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { temporaryData } from "../../test/temporary-data.ts";
import { awaitRunFile, clearRunFile, clearRunFiles, readRunFile, writeRunFile } from "./run-file.ts";

const WAIT_MS_MAX = 60_000;

const data = temporaryData({ beforeEach, afterEach });

const announced = { pid: process.pid, host: "127.0.0.1", ports: { gateway: 7_051 } };

function announce(part: string, ports: Record<string, number> = { gateway: 7_051 }): void {
  writeRunFile(data(), part, ports, "127.0.0.1");
}

describe("a run file", () => {
  it("says where a part can be reached; a part that never started has none", () => {
    announce("ledger");
    expect(readRunFile(data(), "ledger")).toEqual(announced);
    expect(readRunFile(data(), "aggregator")).toBeUndefined();
  });

  it("is that of the newest start", () => {
    announce("ledger");
    announce("ledger", { gateway: 7_052 });
    expect(readRunFile(data(), "ledger")?.ports).toEqual({ gateway: 7_052 });
  });

  it("goes with its part, or with all parts; clearing what is not there does nothing", () => {
    clearRunFile(data(), "feids");
    for (const part of ["ledger", "vn-district", "feids"]) announce(part);
    clearRunFile(data(), "feids");
    expect(["ledger", "vn-district", "feids"].map((part) => readRunFile(data(), part)?.pid)).toEqual([
      process.pid,
      process.pid,
      undefined,
    ]);
    clearRunFiles(data());
    clearRunFiles(data());
    expect(existsSync(data().at("run"))).toBe(false);
  });
});

describe("waiting for a run file", () => {
  it("ends at once when it is there, without any time passing", async () => {
    announce("ledger");
    expect(await awaitRunFile(data(), "ledger", new VirtualClock(0))).toEqual(announced);
  });

  it("ends when the part announces itself, up to the last moment", async () => {
    const clock = new VirtualClock(0);
    const waiting = awaitRunFile(data(), "ledger", clock);
    await clock.advanceTo(WAIT_MS_MAX);
    announce("ledger");
    await clock.advanceTo(WAIT_MS_MAX + 50);
    expect(await waiting).toEqual(announced);
  });

  it("fails after a minute, and names the log to look at", async () => {
    const clock = new VirtualClock(0);
    const waiting = expect(awaitRunFile(data(), "ledger", clock)).rejects.toMatchObject({
      code: "PROCESS_ENDED",
      message: expect.stringContaining(data().at("logs", "ledger.log")),
    });
    await clock.advanceTo(WAIT_MS_MAX + 50);
    await waiting;
  });
});
