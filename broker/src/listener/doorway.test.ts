import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { VirtualClock } from "@gridpact/host";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  CROWDED_HANDSHAKE_MS,
  Doorway,
  HANDSHAKES_MAX,
  HELLO_BYTES_MAX,
  HELLO_TIMEOUT_MS,
  TURN_TIMEOUT_MS,
} from "./doorway.ts";
import { FIRST_HOLD_MS } from "./failed-addresses.ts";

/** A record that says it is a handshake of so many bytes. */
function hello(bytes: number): Buffer {
  const record = Buffer.alloc(5 + bytes, 1);
  record.set([0x16, 0x03, 0x01, bytes >> 8, bytes & 0xff]);
  return record;
}

let server: Server;
let clock: VirtualClock;
let doorway: Doorway;
let begun: Socket[];
let refused: number;
const clients: Socket[] = [];

beforeEach(async () => {
  clock = new VirtualClock(0);
  begun = [];
  refused = 0;
  doorway = new Doorway({
    nowUnixMs: () => clock.nowUnixMs(),
    begin: (socket) => begun.push(socket),
    onRefused: () => {
      refused += 1;
    },
  });
  server = createServer({ pauseOnConnect: true }, (socket) => doorway.enter(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterEach(() => {
  doorway.close();
  for (const client of clients.splice(0)) client.destroy();
  server.close();
});

async function dial(...pieces: Buffer[]): Promise<Socket> {
  const client = connect((server.address() as AddressInfo).port, "127.0.0.1");
  client.on("error", () => undefined);
  clients.push(client);
  await once(client, "connect");
  for (const piece of pieces) client.write(piece);
  return client;
}

describe("Doorway", () => {
  it("begins a handshake when the whole ClientHello is there, and gives back every byte of it", async () => {
    const client = await dial(hello(300).subarray(0, 3));
    await expect.poll(() => doorway.counts().silent).toBe(1);
    client.write(hello(300).subarray(3, 200));
    client.write(hello(300).subarray(200));
    await expect.poll(() => begun.length).toBe(1);
    expect(begun[0]?.read()).toEqual(hello(300));
    expect(doorway.counts()).toEqual({ handshakes: 1, waiting: 0, silent: 0, held: 0 });
    doorway.succeeded(begun[0] as Socket);
    expect(doorway.counts().handshakes).toBe(0);
  });

  it.each([
    ["what is not TLS", Buffer.from("GET / HTTP/1.1\r\n\r\n")],
    ["another version's record", Buffer.from([0x16, 0x02, 0x00, 0x00, 0x10])],
    ["a ClientHello beyond its bound", hello(HELLO_BYTES_MAX).subarray(0, 20)],
  ])("turns away %s at its first bytes", async (_name, bytes) => {
    const client = await dial(bytes);
    await once(client, "close");
    expect([refused, begun.length]).toEqual([1, 0]);
  });

  it("does not read the next connection from there for a while, then lets in one at a time", async () => {
    await once(await dial(Buffer.from("GET /")), "close");
    for (let count = 0; count < 3; count++) await dial(hello(50));
    await expect.poll(() => doorway.counts().held).toBe(3);
    await clock.advanceTo(FIRST_HOLD_MS);
    doorway.sweep();
    await expect.poll(() => begun.length).toBe(1);
    expect(doorway.counts().held).toBe(2);
    begun[0]?.destroy();
    await expect.poll(() => doorway.counts().handshakes).toBe(0);
    doorway.sweep();
    expect(doorway.counts().held).toBe(2);
  });

  it("lets in all that it held once one of them was good", async () => {
    await once(await dial(Buffer.from("GET /")), "close");
    for (let count = 0; count < 3; count++) await dial(hello(50));
    await expect.poll(() => doorway.counts().held).toBe(3);
    await clock.advanceTo(FIRST_HOLD_MS);
    doorway.sweep();
    await expect.poll(() => begun.length).toBe(1);
    doorway.succeeded(begun[0] as Socket);
    doorway.sweep();
    await expect.poll(() => begun.length).toBe(3);
    expect(doorway.counts().held).toBe(0);
  });

  it("turns away who was held too long, and does not hold it against the address", async () => {
    await once(await dial(Buffer.from("GET /")), "close");
    const clients = [await dial(hello(50)), await dial(hello(50))];
    await expect.poll(() => doorway.counts().held).toBe(2);
    await clock.advanceTo(TURN_TIMEOUT_MS + 1);
    doorway.sweep();
    expect([doorway.counts().held, begun.length, refused]).toEqual([0, 0, 3]);
    for (const client of clients) client.destroy();
  });

  it("takes the largest ClientHello", async () => {
    await dial(hello(HELLO_BYTES_MAX - 5));
    await expect.poll(() => begun.length).toBe(1);
  });

  it("turns away who says nothing, or does not come to an end", async () => {
    const quiet = await dial();
    const slow = await dial(hello(300).subarray(0, 100));
    await expect.poll(() => doorway.counts().silent).toBe(2);
    await clock.advanceTo(HELLO_TIMEOUT_MS);
    doorway.sweep();
    expect(doorway.counts().silent).toBe(2);
    await clock.advanceTo(HELLO_TIMEOUT_MS + 1);
    doorway.sweep();
    await Promise.all([once(quiet, "close"), once(slow, "close")]);
    expect([refused, doorway.counts().silent]).toEqual([2, 0]);
  });

  it("lets the newest in first when all places are taken, and ends what takes too long", async () => {
    await Promise.all(Array.from({ length: HANDSHAKES_MAX }, () => dial(hello(50))));
    await expect.poll(() => begun.length).toBe(HANDSHAKES_MAX);
    await dial(hello(60));
    await expect.poll(() => doorway.counts().waiting).toBe(1);
    await dial(hello(70));
    await expect.poll(() => doorway.counts().waiting).toBe(2);
    doorway.succeeded(begun[0] as Socket);
    expect(begun.at(-1)?.read()).toEqual(hello(70));
    expect(doorway.counts()).toMatchObject({ handshakes: HANDSHAKES_MAX, waiting: 1 });
    await clock.advanceTo(CROWDED_HANDSHAKE_MS + 1);
    doorway.sweep();
    expect(begun.at(-1)?.read()).toEqual(hello(60));
    expect(refused).toBeGreaterThanOrEqual(HANDSHAKES_MAX - 1);
  });
});
