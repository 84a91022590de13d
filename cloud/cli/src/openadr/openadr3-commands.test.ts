import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Oadr3Client, systemClock } from "@gridpact/openadr";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run, type Session, startSession } from "../../test/openadr-session.ts";

let folder = "";
const cleanups: (() => Promise<unknown>)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gridpact-openadr3-"));
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  rmSync(folder, { recursive: true });
});

const AS_BL = ["--admin", "http://127.0.0.1:1", "--client-secret-file", import.meta.filename];
const PERIOD = ["--ven", "V", "--start", "2050-01-01T00:00:00Z", "--duration", "PT1H"];

function start(...commandArguments: string[]): Session {
  const session = startSession([...commandArguments, "--profile", "3.1", "--json", "--data", join(folder, "data")]);
  cleanups.push(() => session.stop());
  return session;
}

describe("gridpact openadr --profile 3.1", () => {
  it("runs a VTN and a VEN that follows its events, reports, and is the same VEN again", async () => {
    const vtn = start("vtn", "--port", "0");
    const { url, clients } = await vtn.says(({ kind }) => kind === "listening");
    const { secret } = JSON.parse(readFileSync(String(clients), "utf8"))[0];
    const bl = new Oadr3Client({ url: String(url), clientId: "bl", clientSecret: secret, clock: systemClock });
    cleanups.push(() => bl.close());
    const first = start("ven", "--url", String(url), "--poll-seconds", "0.1");
    const { venId } = await first.says(({ kind }) => kind === "registered");
    const { id: programID } = await bl.create("programs", { programName: "P" });
    const event = await bl.create("events", {
      programID,
      intervalPeriod: { start: new Date(Date.now() - 60_000).toISOString(), duration: "PT61S" },
      intervals: [{ id: 0, payloads: [{ type: "SIMPLE", values: [2] }] }],
      reportDescriptors: [{ payloadType: "USAGE" }],
    });
    await first.says(({ kind, interval }) => kind === "interval-started" && interval !== undefined);
    const { reportId } = await first.says(({ kind }) => kind === "report-sent");
    expect(await bl.read("reports", String(reportId))).toMatchObject({ eventID: event.id, clientName: "ven" });
    await bl.delete("events", event.id);
    await first.says(({ kind, eventId }) => kind === "event-cancelled" && eventId === event.id);
    await first.stop();
    const second = start("ven", "--url", String(url));
    expect(await second.says(({ kind }) => kind === "registered")).toEqual({ kind: "registered", venId });
  });

  it("creates, changes and cancels an event that the named VEN alone sees", async () => {
    const secrets = ["bl", "ven", "other"].map((clientId) => ({
      clientId,
      role: clientId === "bl" ? "bl" : "ven",
      secret: `${clientId}-secret`,
    }));
    const path = (name: string, content: string) => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    const vtn = start("vtn", "--port", "0", "--clients", path("clients.json", JSON.stringify(secrets)));
    const url = String((await vtn.says(({ kind }) => kind === "listening"))["url"]);
    const addVen = async (clientId: string) => {
      const file = path(`${clientId}.secret`, `${clientId}-secret`);
      const flags = ["--client-id", clientId, "--client-secret-file", file, "--poll-seconds", "0.1"];
      const ven = start("ven", "--url", url, ...flags);
      return { ven, venId: String((await ven.says(({ kind }) => kind === "registered"))["venId"]) };
    };
    const [{ ven, venId }, other] = [await addVen("ven"), await addVen("other")];
    const operator = ["--profile", "3.1", "--client-secret-file", path("bl.secret", "bl-secret")];
    const event = (...words: string[]) => run("event", ...words, ...operator, "--data", join(folder, "data"));
    const signal = ["--signal", "SIMPLE", "--level", "1,3", "--start", "2050-01-01T00:00:00Z", "--duration", "PT1H"];
    const [eventId = "", ...more] = await event("create", "--ven", venId, ...signal, "--admin", url);
    expect(more).toEqual([]);
    await ven.says(({ kind, event: told }) => kind === "event-received" && (told as { id: string }).id === eventId);
    const [line = ""] = await event("modify", eventId, "--level", "2", "--priority", "1", "--json");
    expect(JSON.parse(line)).toMatchObject({
      id: eventId,
      targets: [venId],
      priority: 1,
      intervalPeriod: { duration: "PT3600S" },
      intervals: [{ payloads: [{ type: "SIMPLE", values: [2] }] }],
    });
    await ven.says(({ kind }) => kind === "event-changed");
    const [forOther = ""] = await event("create", "--ven", "other", "--program", "P", ...signal);
    await other.ven.says(
      ({ kind, event: told }) => kind === "event-received" && (told as { id: string }).id === forOther,
    );
    expect(await event("cancel", eventId)).toEqual([eventId]);
    await ven.says(({ kind, eventId: gone }) => kind === "event-cancelled" && gone === eventId);
    expect(other.ven.lines.join()).not.toContain(eventId);
    expect(ven.lines.join()).not.toContain(forOther);
    await expect(event("cancel", eventId)).rejects.toThrow("no such object");
    await expect(event("create", "--ven", "nobody", ...signal)).rejects.toThrow("no such object");
  });

  it.each([["webhook"], ["mqtt"]])("follows a VTN by %s instead of polling", async (way) => {
    const vtn = start("vtn", "--port", "0", "--mqtt-port", "0", "--callbacks-into-own-network");
    const url = String((await vtn.says(({ kind }) => kind === "listening"))["url"]);
    const ven = start("ven", "--url", url, "--notify", way, "--poll-seconds", "3600");
    await ven.says(({ kind }) => kind === "registered");
    const flags = ["--profile", "3.1", "--data", join(folder, "data"), "--signal", "SIMPLE", "--level", "1"];
    const [eventId] = await run("event", "create", ...PERIOD.with(1, "ven"), ...flags);
    await ven.says(({ kind, event }) => kind === "event-received" && (event as { id: string }).id === eventId);
    expect(ven.lines.join()).not.toContain("failed");
  });

  it("holds a VTN against the specification", async () => {
    const vtn = start("vtn", "--port", "0");
    const { url } = await vtn.says(({ kind }) => kind === "listening");
    const suite = start("conformance", "--url", String(url));
    await suite.ended;
    expect(JSON.parse(suite.lines.at(-1) ?? "")).toMatchObject({ kind: "summary", violated: 0, failed: 0 });
    expect(suite.exitCode).toBe(0);
  });

  it("tells a VEN with a wrong secret so, and takes secrets from files", async () => {
    const path = (name: string, content: string) => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    const clients = path("clients.json", JSON.stringify([{ clientId: "ven", role: "ven", secret: "right" }]));
    const vtn = start("vtn", "--port", "0", "--clients", clients);
    const { url } = await vtn.says(({ kind }) => kind === "listening");
    const wrong = start("ven", "--url", String(url), "--client-secret-file", path("wrong", "wrong\n"));
    expect(await wrong.says(({ kind }) => kind === "failed")).toMatchObject({ code: "unauthorized" });
    const right = start("ven", "--url", String(url), "--client-secret-file", path("right", "right\n"));
    await right.says(({ kind }) => kind === "registered");
  });

  it.each([
    ["--sign is of 2.0b", ["vtn", "--port", "0", "--sign"]],
    ["--tls-cert and --tls-key go together", ["vtn", "--port", "0", "--tls-cert", "x"]],
    ["does not exist", ["vtn", "--port", "0", "--clients", "/no/clients"]],
    ["is no JSON", ["vtn", "--port", "0", "--clients", import.meta.filename]],
    ["a list of", ["vtn", "--port", "0", "--clients", join(import.meta.dirname, "..", "..", "package.json")]],
    ["the secret of ven is needed", ["ven", "--url", "http://127.0.0.1:1"]],
    ["is no URL", ["ven", "--url", "nowhere"]],
    ["the secret of bl is needed", ["event", "cancel", "E", "--admin", "http://127.0.0.1:1"]],
    ["could not be reached", ["event", "cancel", "E", ...AS_BL]],
    ["nothing to change", ["event", "modify", "E", ...AS_BL]],
    ["--signal needs --level", ["event", "modify", "E", "--signal", "SIMPLE", ...AS_BL]],
    ["--type is of 2.0b", ["event", "modify", "E", "--type", "level", ...AS_BL]],
    ["an event needs", ["event", "create", ...PERIOD, ...AS_BL]],
    ["--market-context is of 2.0b", ["event", "create", ...PERIOD, "--market-context", "x", ...AS_BL]],
    ["name the VTN's admin interface", ["event", "cancel", "E"]],
  ])("says %s", async (message, commandArguments) => {
    const data = join(folder, "data");
    await expect(run(...commandArguments, "--profile", "3.1", "--data", data)).rejects.toThrow(message);
  });
});
