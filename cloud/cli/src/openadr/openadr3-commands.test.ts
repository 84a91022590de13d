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
  ])("says %s", async (message, commandArguments) => {
    const data = join(folder, "data");
    await expect(run(...commandArguments, "--profile", "3.1", "--data", data)).rejects.toThrow(message);
  });
});
