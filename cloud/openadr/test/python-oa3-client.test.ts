import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hashClientSecret, runVtn3 } from "../src/index.ts";
import { PeerProcess } from "./peer-process.ts";
import { findPeer, PYTHON_OA3_CLIENT } from "./python-peer.ts";
import { skip } from "./skip.ts";

describe("python-oa3-client with our 3.1 VTN", { timeout: 240_000 }, () => {
  it("makes a program and an event, registers once, finds its topics, reads, reports and deletes", async (context) => {
    const found = await findPeer(PYTHON_OA3_CLIENT);
    if ("missing" in found) return skip(context, found.missing);
    const problems: unknown[] = [];
    const topics: string[] = [];
    const note = (problem: unknown) => problems.push(problem);
    const clients = [
      { clientId: "bl", secretSha256: hashClientSecret("1"), role: "bl" },
      { clientId: "ven", secretSha256: hashClientSecret("2"), role: "ven" },
    ] as const;
    const mqtt = { uris: ["mqtt://127.0.0.1:1883"], authentication: { method: "ANONYMOUS" } } as const;
    const vtn = await runVtn3(
      { port: 0, clients, dataFolder: ":memory:", mqtt },
      { onFault: note, onGivenUp: note, publish: async (topic) => void topics.push(topic) },
    );
    const peer = new PeerProcess(found.python, join(import.meta.dirname, "peers", "python-oa3-client.py"), vtn.url);
    const line = (name: string) => peer.says((said) => said[name] !== undefined);
    const { created } = await line("created");
    const { registered } = await line("registered");
    expect(await line("registered")).toEqual({ registered, again: registered });
    expect(await line("mqtt")).toEqual({ mqtt: true, brokers: mqtt.uris });
    expect(await line("topic")).toEqual({ topic: `openadr/3.1/vens/${registered}/events/create` });
    expect(await line("seen")).toEqual({ seen: [created] });
    expect(await line("reported")).toEqual({ reported: "ven" });
    expect(await line("deleted")).toEqual({ deleted: created });
    await peer.stop();
    await vtn.stop();
    expect(topics).toContain(`openadr/3.1/vens/${registered}/events/delete`);
    expect(problems).toEqual([]);
  });
});
