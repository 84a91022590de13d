import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  cancelEvent,
  certificateFingerprint,
  createEvent,
  enrolFingerprint,
  eventFromFlags,
  listEvents,
  listVens,
  modifyEvent,
  type RunVenOptions,
  type RunVtnOptions,
  runVen,
  runVtn,
  type VenNotification,
} from "../src/index.ts";
import { createTestPki, type TestIdentity } from "./test-pki.ts";

const pki = createTestPki();
const server = pki.issue("vtn");
const client = pki.issue("ven");
let folder = "";
const cleanups: (() => Promise<void>)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "openadr-run-"));
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  rmSync(folder, { recursive: true });
});

function toFiles(name: string, { certificatePem, privateKeyPem }: TestIdentity) {
  const write = (suffix: string, content: string) => {
    const path = join(folder, name + suffix);
    writeFileSync(path, content);
    return path;
  };
  return {
    certificatePath: write(".crt", certificatePem),
    privateKeyPath: write(".key", privateKeyPem),
    caPath: write(".ca", pki.caPem),
  };
}

async function startVtn(options: Partial<RunVtnOptions> = {}) {
  const faults: unknown[] = [];
  const onFault = (error: unknown) => faults.push(error);
  const running = await runVtn(
    {
      port: 0,
      tls: toFiles("vtn", server),
      isSigning: true,
      pollFrequency: "PT1S",
      dataFolder: join(folder, "vtn"),
      ...options,
    },
    { onFault },
  );
  cleanups.push(async () => {
    await running.stop();
    expect(faults).toEqual([]);
  });
  return running;
}

async function startVen(url: string, options: Partial<RunVenOptions> = {}) {
  const told: VenNotification[] = [];
  const failures: string[] = [];
  const running = await runVen(
    { url, tls: toFiles("ven", client), isSigning: true, dataFolder: join(folder, "ven"), ...options },
    { onNotification: (notification) => told.push(notification), onFailure: ({ message }) => failures.push(message) },
  );
  const stop = () => running.stop();
  cleanups.push(stop);
  return { ...running, told, failures };
}

const soon = () => new Date(Date.now() + 600_000).toISOString();
const flags = (ven: string) => ({ ven: [ven], signal: "SIMPLE", level: 2, start: soon(), duration: "PT15M" });

describe("a VTN and a VEN that run", () => {
  it("carry an event through its life, signed, and survive restarts of both", async () => {
    const vtn = await startVtn();
    await enrolFingerprint(vtn.adminUrl, certificateFingerprint(client.certificatePem));
    const first = await startVen(vtn.url);
    await vi.waitFor(() => expect(first.told).toContainEqual({ kind: "registered", venId: expect.any(String) }));
    const venId = first.ven.registration?.venId ?? "";
    expect(await listVens(vtn.adminUrl)).toMatchObject([{ venId }]);
    const { eventId } = await createEvent(vtn.adminUrl, eventFromFlags(flags(venId)));
    await vi.waitFor(
      () => expect(vtn.vtn.state.deliveryOf(venId, eventId)?.answer).toMatchObject({ optType: "optIn" }),
      5_000,
    );
    await first.stop();
    await vtn.stop();
    const again = await startVtn();
    const second = await startVen(again.url, { answer: "optOut" });
    await vi.waitFor(() => expect(second.ven.registration?.venId).toBe(venId));
    expect(await modifyEvent(again.adminUrl, eventId, { priority: 1 })).toMatchObject({ modificationNumber: 1 });
    await vi.waitFor(
      () => expect(again.vtn.state.deliveryOf(venId, eventId)?.answer).toMatchObject({ optType: "optOut" }),
      5_000,
    );
    expect(await cancelEvent(again.adminUrl, eventId)).toMatchObject({ status: "cancelled" });
    await vi.waitFor(() => expect(second.told).toContainEqual({ kind: "event-cancelled", eventId }), 5_000);
    expect(second.failures).toEqual([]);
  });

  it("work without polling when the VEN is pushed to", async () => {
    const vtn = await startVtn();
    await enrolFingerprint(vtn.adminUrl, certificateFingerprint(client.certificatePem), "VEN-P");
    const vtnFingerprint = certificateFingerprint(server.certificatePem);
    const { ven, told, failures } = await startVen(vtn.url, { vtnFingerprint, push: { port: 0 } });
    await vi.waitFor(() => expect(ven.isRegistered).toBe(true));
    const { eventId } = await createEvent(vtn.adminUrl, eventFromFlags(flags("VEN-P")));
    await vi.waitFor(
      () => expect(vtn.vtn.state.deliveryOf("VEN-P", eventId)?.answer).toMatchObject({ optType: "optIn" }),
      8_000,
    );
    expect(told.map(({ kind }) => kind)).toContain("event-received");
    const start = new Date(Date.now() + 1_000).toISOString();
    const soon = await createEvent(vtn.adminUrl, eventFromFlags({ ...flags("VEN-P"), start, level: 3 }));
    await vi.waitFor(() => {
      const steps = told.flatMap((one) => (one.kind === "signals-changed" ? [one] : []));
      expect(steps).toMatchObject([{ eventId: soon.eventId, signals: [{ signalName: "SIMPLE", value: 3 }] }]);
    }, 8_000);
    expect(failures).toEqual([]);
  });

  it("a VEN that is not enrolled says why and goes on trying", async () => {
    const vtn = await startVtn();
    const ven = await startVen(vtn.url);
    await vi.waitFor(() => expect(ven.failures.join()).toContain("463"));
    await enrolFingerprint(vtn.adminUrl, certificateFingerprint(client.certificatePem));
    await vi.waitFor(() => expect(ven.ven.isRegistered).toBe(true), 5_000);
  });

  it("leave an event to a person who decides later", async () => {
    const vtn = await startVtn({ isSigning: false });
    await enrolFingerprint(vtn.adminUrl, certificateFingerprint(client.certificatePem), "VEN-7");
    const { ven, told } = await startVen(vtn.url, { isSigning: false, answer: "manual" });
    await vi.waitFor(() => expect(ven.isRegistered).toBe(true));
    const { eventId } = await createEvent(vtn.adminUrl, eventFromFlags(flags("VEN-7")));
    await vi.waitFor(() => expect(told.map(({ kind }) => kind)).toContain("event-received"), 5_000);
    expect(vtn.vtn.state.deliveryOf("VEN-7", eventId)?.answer).toBeUndefined();
    await ven.decide(eventId, "optIn");
    expect(vtn.vtn.state.deliveryOf("VEN-7", eventId)?.answer).toMatchObject({ optType: "optIn" });
  });

  it("do not start with signing and no certificate, or with a file that is not there", async () => {
    const modules = { onFault: () => undefined };
    await expect(runVtn({ port: 0, isSigning: true, dataFolder: ":memory:" }, modules)).rejects.toThrow("certificate");
    const tls = { ...toFiles("vtn", server), caPath: join(folder, "nothing") };
    await expect(runVtn({ port: 0, tls, dataFolder: ":memory:" }, modules)).rejects.toThrow("ENOENT");
  });
});

describe("the admin interface", () => {
  it("answers mistakes with codes", async () => {
    const { adminUrl } = await startVtn();
    await expect(createEvent(adminUrl, eventFromFlags(flags("nobody")))).rejects.toMatchObject({ code: "unknown-ven" });
    await expect(modifyEvent(adminUrl, "nothing", {})).rejects.toMatchObject({ code: "unknown-event" });
    await expect(enrolFingerprint(adminUrl, "zz")).rejects.toMatchObject({ code: "invalid-fingerprint" });
    await expect(createEvent(adminUrl, { x: 1 } as never)).rejects.toMatchObject({ code: "bad-request" });
    await expect(listVens("http://127.0.0.1:1")).rejects.toMatchObject({ code: "unreachable" });
    expect(await listEvents(adminUrl)).toEqual([]);
    expect(() => eventFromFlags({ ...flags("V"), signal: "LOUD" })).toThrow("signals are");
    expect(() => eventFromFlags({ ...flags("V"), start: "soon" })).toThrow("date");
    expect(() => eventFromFlags({ ...flags("V"), level: [1, 2, 3, 1, 2, 3, 1] })).toThrow("7 steps");
    expect(() => eventFromFlags({ ...flags("V"), duration: "P1M", level: [1, 2] })).toThrow("2 steps");
  });

  it("lets nobody in under another host's name", async () => {
    const { adminUrl } = await startVtn();
    const { request } = await import("undici");
    const answer = await request(`${adminUrl}/vens`, { headers: { host: "evil.example" } });
    expect(answer.statusCode).toBe(403);
    await answer.body.dump();
  });
});
