import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { fingerprintOf } from "../src/signature/index.ts";
import type { Vtn20b } from "../src/vtn20b/index.ts";
import { HTTP_PATH } from "../src/wire20b/index.ts";
import { createVen, openTransport, startVtn, toTlsMaterial } from "./network.ts";
import { PeerProcess } from "./peer-process.ts";
import { findPeer, OPENLEADR } from "./python-peer.ts";
import { skip } from "./skip.ts";
import { createTestPki, type KeyKind, type TestIdentity } from "./test-pki.ts";

const pki = createTestPki();
const folder = mkdtempSync(join(tmpdir(), "openleadr-"));
const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});
afterAll(() => rmSync(folder, { recursive: true }));

/** openleadr takes its certificates from files. */
function toFiles(name: string, { certificatePem, privateKeyPem }: TestIdentity): string[] {
  const contents = { crt: certificatePem, key: privateKeyPem, ca: pki.caPem };
  return Object.entries(contents).map(([suffix, content]) => {
    const path = join(folder, `${name}.${suffix}`);
    writeFileSync(path, content);
    return path;
  });
}

function startPeer(python: string, script: string, ...rest: string[]): PeerProcess {
  const peer = new PeerProcess(python, join(import.meta.dirname, "peers", script), ...rest);
  cleanups.push(() => peer.stop());
  return peer;
}

/** openleadr cannot say which port it got, so one is found for it. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => probe.once("listening", resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** openleadr polls every second and samples at full seconds. */
const PATIENCE = { timeout: 20_000, interval: 50 };

interface Security {
  /** Of both certificates, for TLS and for signatures; absent: plain HTTP. */
  readonly kind?: KeyKind;
  readonly isSigning: boolean;
}

const SECURITIES: readonly (readonly [how: string, security: Security])[] = [
  ["without TLS", { isSigning: false }],
  ["over mutual TLS without signatures", { kind: "p256", isSigning: false }],
  ["with RSA signatures", { kind: "rsa", isSigning: true }],
  ["with P-256 signatures", { kind: "p256", isSigning: true }],
];

/** What openleadr is told of either party. */
function peerFlags(name: string, own: TestIdentity, other: TestIdentity, isSigning: boolean): string[] {
  return [...toFiles(name, own), fingerprintOf(other.certificate), ...(isSigning ? [] : ["unsigned"])];
}

describe("an openleadr VEN with our VTN", { timeout: 240_000 }, () => {
  for (const [how, security] of SECURITIES) {
    it(`registers, answers an event and its change, and sends reports ${how}`, async (context) => {
      const found = await findPeer(OPENLEADR);
      if ("missing" in found) return skip(context, found.missing);
      await exerciseVen(found.python, security);
    });
  }
});

async function exerciseVen(python: string, { kind, isSigning }: Security): Promise<void> {
  const [server, client] = kind === undefined ? [] : [pki.issue("vtn", kind), pki.issue("ven", kind)];
  const network = await startVtn(server && toTlsMaterial(server, pki), isSigning);
  cleanups.push(() => network.server.close());
  const { vtn, faults, url } = network;
  const isSecured = server !== undefined && client !== undefined;
  if (isSecured) vtn.enrol(fingerprintOf(client.certificate));
  const security = isSecured ? peerFlags(`ven-${kind}`, client, server, isSigning) : [];
  const peer = startPeer(python, "openleadr-ven.py", url, ...security);
  const venId = String((await peer.says(({ registered }) => registered !== undefined))["registered"]);
  const { eventId } = vtn.createEvent({
    venIds: [venId],
    startUnixMs: Date.now() + 600_000,
    duration: "PT5M",
    signals: [{ signalName: "SIMPLE", signalType: "level", intervals: [{ duration: "PT5M", value: 2 }] }],
  });
  await peer.says(({ event, level }) => event === eventId && level === 2);
  await answered(vtn, venId, eventId, 0);
  vtn.modifyEvent(eventId, { startUnixMs: Date.now() + 1_200_000 });
  await peer.says(({ event, modification }) => event === eventId && modification === 1);
  await answered(vtn, venId, eventId, 1);
  vtn.cancelEvent(eventId);
  await peer.says(({ event, status }) => event === eventId && status === "cancelled");
  await vi.waitFor(() => expect(vtn.receivedReports(venId)).not.toEqual([]), PATIENCE);
  const payload = vtn.receivedReports(venId)[0]?.report.intervals?.[0]?.oadrReportPayload[0]?.payload;
  expect(payload).toEqual({ kind: "payloadFloat", value: 3.25 });
  expect(peer.complaints).not.toContain("Traceback");
  expect(faults).toEqual([]);
}

async function answered(vtn: Vtn20b, venId: string, eventId: string, modificationNumber: number): Promise<void> {
  const answer = () => vtn.state.deliveryOf(venId, eventId)?.answer;
  await vi.waitFor(() => expect(answer()).toMatchObject({ modificationNumber, optType: "optIn" }), PATIENCE);
}

describe("our VEN with an openleadr VTN", { timeout: 240_000 }, () => {
  for (const [how, security] of SECURITIES) {
    it(`registers, answers an event and takes report requests ${how}`, async (context) => {
      const found = await findPeer(OPENLEADR);
      if ("missing" in found) return skip(context, found.missing);
      await exerciseVtn(found.python, security);
    });
  }
});

async function exerciseVtn(python: string, { kind, isSigning }: Security): Promise<void> {
  const [server, client] = kind === undefined ? [] : [pki.issue("vtn", kind), pki.issue("ven", kind)];
  const isSecured = server !== undefined && client !== undefined;
  const security = isSecured ? peerFlags(`vtn-${kind}`, server, client, isSigning) : [];
  const port = await freePort();
  const peer = startPeer(python, "openleadr-vtn.py", String(port), ...security);
  await peer.says(({ listening }) => listening === true);
  const url = `${isSecured ? "https" : "http"}://127.0.0.1:${port}${HTTP_PATH}`;
  const transport = openTransport(url, client && toTlsMaterial(client, pki), isSigning);
  cleanups.push(() => transport.close());
  const ven = createVen(transport, { isSigning });
  expect(await ven.register()).toMatchObject({ venId: "VEN-1", vtnId: "PEER-VTN" });
  await ven.poll();
  expect(await peer.says(({ answered }) => answered === "PEER-EVENT")).toMatchObject({ opt: "optIn" });
  expect(ven.events()).toMatchObject([{ optType: "optIn" }]);
  expect(ven.reportRequests()).toHaveLength(1);
  expect(peer.complaints).not.toContain("Traceback");
}
