import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SeededRandom, signingKeyFromSeed, wallClock } from "@gridpact/host";
import { issueAuthority, issueCertificate } from "@gridpact/ledger";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run, type Session, startSession } from "../../test/openadr-session.ts";

let folder = "";
const sessions: Session[] = [];
const data = () => join(folder, "data");

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gridpact-openadr-"));
});
afterEach(async () => {
  for (const session of sessions.splice(0).reverse()) await session.stop();
  rmSync(folder, { recursive: true });
});

function start(...commandArguments: string[]): Session {
  const session = startSession([...commandArguments, "--json", "--data", data()]);
  sessions.push(session);
  return session;
}

async function startVtn(...flags: string[]) {
  const session = start("vtn", "--port", "0", "--poll-frequency", "PT1S", ...flags);
  const { url, adminUrl } = await session.says(({ kind }) => kind === "listening");
  return { session, url: String(url), adminUrl: String(adminUrl) };
}

async function startVen(url: string, ...flags: string[]) {
  const session = start("ven", "--url", url, ...flags);
  const { venId } = await session.says(({ kind }) => kind === "registered");
  return { session, venId: String(venId) };
}

const EVENT = ["--signal", "SIMPLE", "--level", "2", "--start", "2050-01-01T00:00:00Z", "--duration", "PT15M"];

async function create(adminUrl: string, venId: string, flags: readonly string[] = EVENT): Promise<string> {
  const [eventId = "", ...more] = await run("event", "create", "--ven", venId, ...flags, "--admin", adminUrl);
  expect(more).toEqual([]);
  return eventId;
}

const priceInterval = (price: number) => ({ duration: "PT300S", signalPayload: [price] });

const answerTo = (eventId: string, optType: string) => (line: Record<string, unknown>) =>
  line["kind"] === "event-answered" &&
  line["eventId"] === eventId &&
  (line["answer"] as { optType: string }).optType === optType;

describe("gridpact openadr", () => {
  it("carries an event through its life, and the VEN keeps its venID across a restart", async () => {
    const { session: vtn, url, adminUrl } = await startVtn();
    const first = await startVen(url);
    const eventId = await create(adminUrl, first.venId);
    await vtn.says(answerTo(eventId, "optIn"));
    await first.session.stop();
    const second = await startVen(url, "--opt-out");
    expect(second.venId).toBe(first.venId);
    expect(await run("event", "modify", eventId, "--level", "3", "--admin", adminUrl)).toEqual([eventId]);
    await vtn.says(answerTo(eventId, "optOut"));
    expect(await run("event", "cancel", eventId, "--admin", adminUrl)).toEqual([eventId]);
    await second.session.says(({ kind, eventId: id }) => kind === "event-cancelled" && id === eventId);
  });

  it("finds the VTN of the same data directory without --admin, and prints the whole event with --json", async () => {
    const { url } = await startVtn();
    const { venId } = await startVen(url);
    const several = ["--signal", "ELECTRICITY_PRICE", "--level", "0.25,0.5,0.75"];
    const [line = ""] = await run("event", "create", "--ven", venId, ...EVENT, ...several, "--data", data(), "--json");
    expect(JSON.parse(line)).toMatchObject({
      eventId: expect.stringMatching(/^EVENT-/),
      status: "far",
      signals: [
        { signalName: "SIMPLE", signalType: "level" },
        { signalName: "ELECTRICITY_PRICE", signalType: "price", intervals: [0.25, 0.5, 0.75].map(priceInterval) },
      ],
    });
  });

  it("leaves events to a person with --manual", async () => {
    const { session: vtn, url, adminUrl } = await startVtn();
    const { session: ven, venId } = await startVen(url, "--manual");
    const eventId = await create(adminUrl, venId);
    await ven.says(({ kind }) => kind === "event-received");
    ven.type("perhaps");
    await ven.says(({ kind }) => kind === "not-understood");
    ven.type("optIn EVENT-0");
    await ven.says(({ kind, code }) => kind === "not-decided" && code === "unknown-event");
    ven.type(`optOut ${eventId}`);
    await vtn.says(answerTo(eventId, "optOut"));
  });

  it("lets a VEN in over mutual TLS once its fingerprint is enrolled", async () => {
    const issue = certificateFiles();
    const { session: vtn, url, adminUrl } = await startVtn(...issue("vtn"));
    const flags = issue("ven");
    const stranger = start("ven", "--url", url, ...flags);
    expect(await stranger.says(({ kind }) => kind === "failed")).toMatchObject({ code: "registration-refused" });
    const [fingerprint = ""] = await run("fingerprint", join(folder, "ven.crt"));
    expect(fingerprint).toMatch(/^([0-9A-F]{2}:){9}[0-9A-F]{2}$/);
    const [told] = await run("enrol", "--fingerprint", fingerprint, "--ven", "VEN-7", "--admin", adminUrl);
    expect(told).toBe(`${fingerprint} enrolled as VEN-7`);
    await stranger.says(({ kind, venId }) => kind === "registered" && venId === "VEN-7");
    await vtn.says(({ kind, venId }) => kind === "registered" && venId === "VEN-7");
  });

  it("holds a VTN against the profile, and exits with 1 when none answers", async () => {
    const { url } = await startVtn();
    const good = startSession(["conformance", "--url", url]);
    await good.ended;
    expect(good.lines.at(-1)).toMatch(/^\d+ passed, 0 violated, 0 could not be asked$/);
    expect(good.exitCode).toBe(0);
    const none = startSession(["conformance", "--url", "http://127.0.0.1:1/OpenADR2/Simple/2.0b", "--json"]);
    await none.ended;
    expect(none.lines.map((line) => JSON.parse(line))).toMatchObject([
      { kind: "check", id: "register", outcome: "failed" },
      { kind: "summary", passed: 0, failed: 1 },
    ]);
    expect(none.exitCode).toBe(1);
  });
});

describe("gridpact openadr says what is wrong", () => {
  it.each([
    ["--tls-cert, --tls-key and --tls-ca go together", ["vtn", "--port", "0", "--tls-cert", "x"]],
    ["--sign needs", ["vtn", "--port", "0", "--sign"]],
    ["does not exist", ["vtn", "--port", "0", "--tls-cert", "/no/crt", "--tls-key", "/no/key", "--tls-ca", "/no/ca"]],
    ["a port from 0 to 65535", ["vtn", "--port", "65536"]],
    ["required option '--port", ["vtn"]],
    ["is no URL", ["ven", "--url", "nowhere"]],
    ["cannot be used with", ["ven", "--url", "http://127.0.0.1:1", "--opt-out", "--manual"]],
    ["could not be reached", ["event", "cancel", "EVENT-1", "--admin", "http://127.0.0.1:1"]],
    ["is no URL", ["event", "cancel", "EVENT-1", "--admin", "nowhere"]],
    ["each --signal needs one --level", ["event", "create", "--ven", "V", ...EVENT, "--signal", "SIMPLE"]],
    [
      "signals are SIMPLE",
      ["event", "create", "--ven", "V", ...EVENT.with(1, "LOUD"), "--admin", "http://127.0.0.1:1"],
    ],
    ["a number is needed", ["event", "create", "--ven", "V", ...EVENT.with(3, "1,")]],
    ["a number is needed", ["event", "create", "--ven", "V", ...EVENT.with(3, "high")]],
    ["not a date", ["event", "create", "--ven", "V", ...EVENT.with(5, "soon"), "--admin", "http://127.0.0.1:1"]],
    ["holds no certificate", ["fingerprint", import.meta.filename]],
    ["does not exist", ["fingerprint", "/no/certificate"]],
    ["name the VTN's admin interface", ["enrol", "--fingerprint", "00", "--data", "/no/data"]],
  ])("%s", async (message, commandArguments) => {
    await expect(run(...commandArguments)).rejects.toThrow(message);
  });

  it("knows no event that the VTN does not know, and no VEN either", async () => {
    const { adminUrl } = await startVtn();
    await expect(run("event", "modify", "EVENT-0", "--level", "1", "--admin", adminUrl)).rejects.toThrow(
      "unknown-event",
    );
    await expect(create(adminUrl, "VEN-0")).rejects.toThrow("unknown-ven");
    await expect(run("enrol", "--fingerprint", "zz", "--admin", adminUrl)).rejects.toThrow("invalid-fingerprint");
  });

  it("does not take a port that is taken", async () => {
    const { url } = await startVtn();
    await expect(run("vtn", "--port", new URL(url).port, "--data", data())).rejects.toThrow("is taken");
  });
});

/** Writes certificates of one authority and gives their flags. */
function certificateFiles(): (name: string) => string[] {
  const modules = { random: new SeededRandom("openadr"), clock: wallClock() };
  const newKey = () => signingKeyFromSeed(modules.random.bytes(32));
  const authority = issueAuthority({ mspId: "VnMSP", key: newKey() }, modules);
  const write = (name: string, content: string) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  return (name) => {
    const key = newKey();
    const request = { authority, commonName: name, publicKey: key.publicKey, kind: "client" } as const;
    const certificate = issueCertificate({ ...request, serverNames: ["127.0.0.1"] }, modules);
    const privateKey = key.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    return [
      ...["--tls-cert", write(`${name}.crt`, certificate)],
      ...["--tls-key", write(`${name}.key`, privateKey)],
      ...["--tls-ca", write("ca.crt", authority.certificatePem)],
    ];
  };
}
