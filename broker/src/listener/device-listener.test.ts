import { once } from "node:events";
import { connect } from "node:tls";
import type { Authority } from "@gridpact/ledger";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { LISTENER_KINDS } from "../../test/listener-kinds.ts";
import { ended } from "../../test/raw-client.ts";
import {
  authorityOf,
  certificateOf,
  DEVICE,
  DEVICE_KEY,
  keyOf,
  pemOf,
  recordedHello,
  TestListener,
} from "../../test/test-listener.ts";
import { HELLO_TIMEOUT_MS } from "./doorway.ts";

let opened: TestListener[] = [];
afterEach(async () => {
  for (const each of opened) await each.close();
  opened = [];
});

const NOBODY = { handshakes: 0, waiting: 0, silent: 0 };
const DAY_MS = 86_400_000;

let hello: Buffer;
beforeAll(async () => {
  hello = await recordedHello();
});

describe.each(LISTENER_KINDS)("DeviceListener, %s", (kind) => {
  const open = async (options = {}) => {
    const listener = await TestListener.open(kind, options);
    opened.push(listener);
    return listener;
  };

  it("lets a device in with its certificate, and carries bytes both ways", async () => {
    const { client, seen } = await (await open()).device();
    expect(seen.certificate.subject).toContain("CN=meter-1");
    client.write("up");
    seen.connection.resume();
    await expect.poll(() => seen.received().toString()).toBe("up");
    seen.connection.write(Buffer.from("down"));
    expect((await once(client, "data"))[0].toString()).toBe("down");
  });

  it("reads nothing before it is wanted, and then every byte in order", async () => {
    const { client, seen } = await (await open()).device();
    const sent = Buffer.alloc(3_000_000, "0123456789abcdefg");
    client.write(sent);
    seen.connection.resume();
    await expect.poll(() => seen.received().length).toBeGreaterThan(100_000);
    seen.connection.pause();
    seen.connection.resume();
    await expect.poll(() => seen.received().length, { timeout: 10_000 }).toBe(sent.length);
    expect(seen.received().equals(sent)).toBe(true);
  });

  it.each([
    ["no certificate", () => ({})],
    [
      "one of another authority",
      () => ({ ...DEVICE, cert: certificateOf("m", DEVICE_KEY, { authority: authorityOf(9) }) }),
    ],
    ["one that has expired", () => ({ ...DEVICE, cert: lasting(-2 * DAY_MS, -DAY_MS) })],
    ["one that is not valid yet", () => ({ ...DEVICE, cert: lasting(DAY_MS, 2 * DAY_MS) })],
    ["one that another device has issued", () => ({ key: pemOf(keyOf(4)), cert: issuedByDevice() + DEVICE.cert })],
    ["TLS 1.2", () => ({ ...DEVICE, maxVersion: "TLSv1.2" as const })],
  ])("turns away who comes with %s", async (_name, credentials) => {
    const listener = await open();
    await ended(listener.dial(credentials()));
    await expect.poll(() => listener.refused).toBe(1);
    expect(listener.seen).toEqual([]);
    await expect.poll(() => listener.listener.counts()).toMatchObject(NOBODY);
  });

  it("lets in who shows the authority's own certificate after the device's", async () => {
    const listener = await open();
    const chain = DEVICE.cert + authorityOf(1).certificatePem;
    await once(listener.dial({ ...DEVICE, cert: chain }), "secureConnect");
    await expect.poll(() => listener.seen.length).toBe(1);
  });

  it.each([
    ["speaks something else", () => Buffer.from("GET / HTTP/1.1\r\n\r\n")],
    ["announces a ClientHello beyond its bound", () => Buffer.from([0x16, 0x03, 0x01, 0x40, 0x00])],
    ["sends a ClientHello that is none", () => Buffer.from([0x16, 0x03, 0x01, 0x00, 0x04, 1, 2, 3, 4])],
    ["goes on with something else", () => Buffer.concat([hello, Buffer.alloc(300, 0x55)])],
  ])("turns away who %s", async (_name, bytes) => {
    const listener = await open();
    await ended((await listener.knock(bytes())).resume());
    await expect.poll(() => listener.refused).toBe(1);
    await expect.poll(() => listener.listener.counts()).toMatchObject(NOBODY);
  });

  it.each([
    ["before a word", () => []],
    ["within a ClientHello", () => [hello.subarray(0, 100)]],
    ["after it", () => [hello]],
  ])("forgets who hangs up %s", async (_name, bytes) => {
    const listener = await open();
    const socket = await listener.knock(...bytes());
    if (bytes()[0] === hello) await once(socket, "data");
    else await expect.poll(() => listener.listener.counts().silent).toBe(1);
    socket.destroy();
    await expect.poll(() => listener.listener.counts()).toMatchObject(NOBODY);
    expect(listener.seen).toEqual([]);
  });

  it("ends a connection whose device breaks TLS", async () => {
    const listener = await open();
    const socket = await listener.knock();
    const tls = connect({ socket, servername: "localhost", rejectUnauthorized: false, ...DEVICE });
    tls.on("error", () => undefined);
    await once(tls, "secureConnect");
    await expect.poll(() => listener.seen.length).toBe(1);
    listener.seen[0]?.connection.resume();
    // A record of 32 bytes that nobody has encrypted.
    socket.write(Buffer.concat([Buffer.from([0x17, 0x03, 0x03, 0x00, 0x20]), Buffer.alloc(32, 5)]));
    await expect.poll(() => listener.seen[0]?.ending).toBe("peer");
  });

  it("tells of a device that does not read, and goes on when it does", async () => {
    const listener = await open();
    const { client, seen } = await listener.device();
    const other = await listener.device();
    other.seen.connection.resume();
    const piece = Buffer.alloc(65_536, 7);
    let [written, taken] = [0, 0];
    while (!seen.connection.isClogged()) {
      written += 1;
      seen.connection.write(piece, () => {
        taken += 1;
      });
      // Once something else has come through, so has the news of what was written.
      other.client.write(".");
      await expect.poll(() => other.seen.received().length).toBe(written);
    }
    const drainsBefore = seen.drains;
    let received = 0;
    client.on("data", (chunk: Buffer) => {
      received += chunk.length;
    });
    await expect.poll(() => received).toBe(written * piece.length);
    await expect.poll(() => [seen.connection.isClogged(), taken]).toEqual([false, written]);
    expect(seen.drains).toBeGreaterThan(drainsBefore);
  });

  it("sends what was written before it is closed, and tells of no end that the caller made", async () => {
    const { client, seen } = await (await open()).device();
    seen.connection.write(Buffer.from("refused"));
    seen.connection.close();
    expect((await once(client, "data"))[0].toString()).toBe("refused");
    await ended(client);
  });

  it("lets in many who come at a time, each as itself", async () => {
    const listener = await open();
    const clients = Array.from({ length: 100 }, () => listener.dial());
    await Promise.all(clients.map((client) => once(client, "secureConnect")));
    await expect.poll(() => listener.seen.length).toBe(100);
    for (const { connection } of listener.seen) connection.resume();
    for (const [index, client] of clients.entries()) client.write(`${index}`);
    const numbers = () => listener.seen.map((each) => Number(each.received())).sort((left, right) => left - right);
    await expect.poll(numbers).toEqual(clients.map((_client, index) => index));
    for (const client of clients) client.destroy();
    await expect.poll(() => listener.seen.every(({ ending }) => ending === "peer")).toBe(true);
  });

  it("ends who does not begin in time", async () => {
    const listener = await open();
    const sockets = [await listener.knock(), await listener.knock(hello.subarray(0, 100))];
    await expect.poll(() => listener.listener.counts().silent).toBe(2);
    await listener.pass(HELLO_TIMEOUT_MS);
    expect(listener.listener.counts().silent).toBe(2);
    await listener.pass(1);
    await Promise.all(sockets.map((socket) => ended(socket.resume())));
    await expect.poll(() => listener.refused).toBe(2);
  });

  it("frees its port whoever is there, and says when it is taken", async () => {
    const first = await open();
    const port = first.listener.port();
    await expect(open({ port })).rejects.toMatchObject({ code: "EADDRINUSE" });
    await first.device();
    await first.knock(hello);
    await first.knock(hello.subarray(0, 100));
    await first.close();
    opened = [];
    expect((await open({ port })).listener.port()).toBe(port);
  });

  it("does not open without usable credentials", async () => {
    await expect(open({ keyPem: pemOf(keyOf(8)) })).rejects.toThrow();
    await expect(open({ certificatePem: "none" })).rejects.toThrow();
  });
});

function lasting(fromMs: number, toMs: number): string {
  const now = Date.now();
  return certificateOf("meter-1", DEVICE_KEY, {
    validity: { notBeforeUnixMs: now + fromMs, notAfterUnixMs: now + toMs },
  });
}

/** A device's certificate is no authority's, whatever it signs. */
function issuedByDevice(): string {
  const authority: Authority = { mspId: "VnMSP", certificatePem: DEVICE.cert, key: DEVICE_KEY };
  return certificateOf("meter-2", keyOf(4), { authority });
}
