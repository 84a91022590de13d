import { duplexPair } from "node:stream";
import { VirtualClock } from "@gridpact/host";
import { generate } from "mqtt-packet";
import { describe, expect, it } from "vitest";
import { LentConnection } from "../../test/lent-connection.ts";
import type { ConnectionReceiver, DeviceConnection } from "../listener/index.ts";
import {
  CONNECT_BYTES_MAX,
  CONNECT_TIMEOUT_MS,
  IDLE_TIMEOUT_MS,
  PACKET_BYTES_MAX,
  PACKET_TIMEOUT_MS,
  PacketGuard,
} from "./packet-guard.ts";

const IDENTITY = { deviceId: "meter-1", publicKey: new Uint8Array(32) };
const CONNECT = generate({ cmd: "connect", clientId: "meter-1", clean: true, protocolVersion: 4, keepalive: 60 });

function publish(payloadBytes: number): Buffer {
  const payload = Buffer.alloc(payloadBytes, 7);
  return generate({ cmd: "publish", topic: "t", payload, qos: 1, messageId: 1, dup: false, retain: false });
}

/** A fixed header that announces a body; the body itself is never sent. */
function header(packetType: number, remainingBytes: number): Uint8Array {
  const bytes = [packetType << 4];
  for (let left = remainingBytes; ; left = Math.floor(left / 128)) {
    bytes.push(left >= 128 ? (left % 128) | 0x80 : left);
    if (left < 128) return Uint8Array.from(bytes);
  }
}

/** A guard before a broker that lets in whoever sends CONNECT, unless told otherwise. */
function guarded(
  options: { admit?: () => Promise<void> | undefined; keepAliveMs?: number; isLetIn?: boolean; isRead?: boolean } = {},
) {
  const { admit = () => undefined, keepAliveMs = 0, isLetIn = true, isRead = true } = options;
  const [device, socket] = duplexPair();
  const clock = new VirtualClock(0);
  const refusals: string[] = [];
  let holds = 0;
  const guard = new PacketGuard(new LentConnection(socket), IDENTITY, {
    admit,
    onHeld: () => {
      holds += 1;
    },
    refuse: (reason) => refusals.push(reason),
    nowUnixMs: () => clock.nowUnixMs(),
  });
  const passed: Buffer[] = [];
  guard.on("data", (chunk: Buffer) => {
    passed.push(chunk);
    if (passed.length > 1 || !isLetIn) return;
    guard.announceKeepAlive(keepAliveMs);
    guard.open();
  });
  if (isRead) device.resume();
  const settle = () => clock.advanceTo(clock.nowUnixMs());
  const send = async (...chunks: Uint8Array[]) => {
    for (const chunk of chunks) device.write(chunk);
    for (let turn = 0; turn < 5; turn++) await settle();
  };
  return { device, guard, clock, refusals, send, holds: () => holds, passed: () => Buffer.concat(passed) };
}

describe("PacketGuard", () => {
  it("passes CONNECT and what a device may send, byte for byte, however it is cut", async () => {
    const { send, passed, refusals, holds } = guarded();
    const stream = Buffer.concat([CONNECT, publish(10), generate({ cmd: "pingreq" }), publish(60_000)]);
    const bytewise = Array.from(stream.subarray(0, 60), (byte) => Uint8Array.of(byte));
    await send(...bytewise, stream.subarray(60));
    expect(refusals).toEqual([]);
    expect(passed().equals(stream)).toBe(true);
    expect(holds()).toBe(0);
  });

  it("hands over whole packets only", async () => {
    const { send, passed } = guarded();
    const packet = publish(1_000);
    await send(CONNECT, packet.subarray(0, 700));
    expect(passed().equals(CONNECT)).toBe(true);
    await send(packet.subarray(700));
    expect(passed().equals(Buffer.concat([CONNECT, packet]))).toBe(true);
  });

  it("lets nothing pass between CONNECT and its answer", async () => {
    const { guard, send, passed } = guarded({ isLetIn: false });
    await send(Buffer.concat([CONNECT, publish(10)]), publish(20));
    expect(passed().equals(CONNECT)).toBe(true);
    guard.open();
    await send();
    expect(passed().equals(Buffer.concat([CONNECT, publish(10), publish(20)]))).toBe(true);
  });

  it("brings answers to the device in order", async () => {
    const { device, guard, send } = guarded({ isRead: false });
    const received: Buffer[] = [];
    device.on("data", (chunk: Buffer) => received.push(chunk));
    guard.cork();
    for (const text of ["a", "b", "c"]) guard.write(text);
    guard.uncork();
    await send();
    expect(Buffer.concat(received).toString()).toBe("abc");
  });

  it.each([
    ["connect_missing", "PUBLISH first", [publish(1)]],
    ["connect_missing", "PINGREQ first", [generate({ cmd: "pingreq" })]],
    ["connect_too_large", "CONNECT one byte too large", [header(1, CONNECT_BYTES_MAX + 1)]],
    ["packet_unexpected", "a second CONNECT", [CONNECT, CONNECT]],
    ["packet_unexpected", "PUBREL, of the QoS 2 handshake", [CONNECT, generate({ cmd: "pubrel", messageId: 1 })]],
    ["packet_too_large", "PUBLISH one byte too large", [CONNECT, header(3, PACKET_BYTES_MAX + 1)]],
    ["packet_too_large", "PUBLISH of 256 MB", [CONNECT, header(3, 268_435_455)]],
    ["connect_too_large", "CONNECT of 256 MB", [header(1, 268_435_455)]],
    ["length_malformed", "a length of five bytes", [CONNECT, Uint8Array.of(0x30, 0xff, 0xff, 0xff, 0xff, 1)]],
  ] as const)("refuses as %s: %s", async (reason, _case, chunks) => {
    const { guard, send, refusals } = guarded();
    await send(...chunks);
    expect(refusals).toEqual([reason]);
    expect(guard.destroyed).toBe(true);
  });

  it("lets through the largest CONNECT and the largest packet", async () => {
    const { guard, send, refusals } = guarded();
    await send(header(1, CONNECT_BYTES_MAX), new Uint8Array(CONNECT_BYTES_MAX));
    await send(header(3, PACKET_BYTES_MAX));
    expect(refusals).toEqual([]);
    expect(guard.destroyed).toBe(false);
  });

  it("keeps nothing of a body that was announced too large", async () => {
    const { send, passed } = guarded();
    await send(CONNECT, header(3, 268_435_455), new Uint8Array(10_000));
    expect(passed().equals(CONNECT)).toBe(true);
  });
});

describe("PacketGuard with nothing admitted", () => {
  it("does not read on before a PUBLISH is admitted, and then loses no byte", async () => {
    const releases: (() => void)[] = [];
    const admit = () => (releases.length > 1 ? undefined : new Promise<void>((resolve) => releases.push(resolve)));
    const { send, passed, refusals, guard } = guarded({ admit });
    const stream = Buffer.concat([CONNECT, publish(1_000), publish(2_000)]);
    await send(stream);
    expect(passed().length).toBeLessThan(CONNECT.length + 10);
    // Asked again after each wait: the first time it is not the device's turn yet.
    releases[0]?.();
    await send();
    expect(passed().length).toBeLessThan(CONNECT.length + 10);
    releases[1]?.();
    await send();
    expect(passed().equals(stream)).toBe(true);
    expect(refusals).toEqual([]);
    expect(guard.overdue()).toBeUndefined();
  });

  it("asks no more once the connection is gone", async () => {
    let asked = 0;
    let release: () => void = () => undefined;
    const admit = () => {
      asked += 1;
      return new Promise<void>((resolve) => {
        release = resolve;
      });
    };
    const { send, guard } = guarded({ admit });
    await send(CONNECT, publish(10));
    guard.destroy();
    release();
    await send();
    expect(asked).toBe(1);
  });
});

describe("PacketGuard's clock", () => {
  it("gives up who sends no whole CONNECT", async () => {
    const { clock, guard, send } = guarded();
    await send(CONNECT.subarray(0, 5));
    await clock.advanceTo(CONNECT_TIMEOUT_MS);
    expect(guard.overdue()).toBeUndefined();
    await clock.advanceTo(CONNECT_TIMEOUT_MS + 1);
    expect(guard.overdue()).toBe("connect_timeout");
  });

  it("gives up who sends CONNECT and gets no answer", async () => {
    const { clock, guard, send } = guarded({ isLetIn: false });
    await send(CONNECT);
    await clock.advanceTo(CONNECT_TIMEOUT_MS + 1);
    expect(guard.overdue()).toBe("connect_timeout");
  });

  it("gives up who is silent for longer than one and a half times what it announced", async () => {
    const { clock, guard, send } = guarded({ keepAliveMs: 60_000 });
    await send(CONNECT);
    await clock.advanceTo(90_000);
    expect(guard.overdue()).toBeUndefined();
    await clock.advanceTo(90_001);
    expect(guard.overdue()).toBe("keepalive_timeout");
    await send(generate({ cmd: "pingreq" }));
    expect(guard.overdue()).toBeUndefined();
  });

  it("gives up who begins a packet and trickles", async () => {
    const { clock, guard, send } = guarded();
    await send(CONNECT, publish(100).subarray(0, 50));
    await clock.advanceTo(PACKET_TIMEOUT_MS);
    await send(Uint8Array.of(7));
    expect(guard.overdue()).toBeUndefined();
    await clock.advanceTo(PACKET_TIMEOUT_MS + 1);
    expect(guard.overdue()).toBe("packet_timeout");
  });

  it("gives up who is silent", async () => {
    const { clock, guard, send } = guarded();
    await send(CONNECT);
    await clock.advanceTo(IDLE_TIMEOUT_MS);
    expect(guard.overdue()).toBeUndefined();
    await clock.advanceTo(IDLE_TIMEOUT_MS + 1);
    expect(guard.overdue()).toBe("idle_timeout");
  });

  it("blames nobody whom it does not read itself", async () => {
    const { clock, guard, send } = guarded({ admit: () => new Promise<void>(() => undefined) });
    await send(CONNECT, publish(10));
    await clock.advanceTo(10 * IDLE_TIMEOUT_MS);
    expect(guard.overdue()).toBeUndefined();
  });
});

it("PacketGuard says why a device that left too much unread was ended", () => {
  const refusals: string[] = [];
  let onClosed: ConnectionReceiver["onClosed"] = () => undefined;
  let closes = 0;
  const connection: DeviceConnection = {
    attach: (receiver) => {
      onClosed = receiver.onClosed;
    },
    write: () => undefined,
    isClogged: () => true,
    pause: () => undefined,
    resume: () => undefined,
    close: () => {
      closes += 1;
    },
  };
  const modules = { admit: () => undefined, onHeld: () => undefined, nowUnixMs: () => 0 };
  const guard = new PacketGuard(connection, IDENTITY, { ...modules, refuse: (reason) => refusals.push(reason) });
  onClosed("unread");
  expect([refusals, guard.destroyed, closes]).toEqual([["acknowledgements_unread"], true, 1]);
});
