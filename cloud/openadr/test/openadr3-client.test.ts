import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hashClientSecret, runVtn3 } from "../src/index.ts";
import { PeerProcess } from "./peer-process.ts";
import { findPeer, OPENADR3_CLIENT } from "./python-peer.ts";
import { skip } from "./skip.ts";

describe("openadr3-client with our 3.1 VTN", { timeout: 240_000 }, () => {
  it("makes a program and an event, reads it as a VEN, reports, and deletes", async (context) => {
    const found = await findPeer(OPENADR3_CLIENT);
    if ("missing" in found) return skip(context, found.missing);
    const problems: unknown[] = [];
    const note = (problem: unknown) => problems.push(problem);
    const clients = [
      { clientId: "bl", secretSha256: hashClientSecret("1"), role: "bl" },
      { clientId: "ven", secretSha256: hashClientSecret("2"), role: "ven" },
    ] as const;
    const vtn = await runVtn3({ port: 0, clients, dataFolder: ":memory:" }, { onFault: note, onGivenUp: note });
    const peer = new PeerProcess(found.python, join(import.meta.dirname, "peers", "openadr3-client.py"), vtn.url);
    const { created } = await peer.says((line) => line["created"] !== undefined);
    expect(await peer.says((line) => line["registered"] !== undefined)).toEqual({ registered: "ven" });
    expect(await peer.says((line) => line["seen"] !== undefined)).toEqual({ seen: [created], value: 0.17 });
    expect(await peer.says((line) => line["reported"] !== undefined)).toEqual({ reported: "ven" });
    expect(await peer.says((line) => line["deleted"] !== undefined)).toEqual({ deleted: created });
    await peer.stop();
    await vtn.stop();
    expect(problems).toEqual([]);
  });
});
