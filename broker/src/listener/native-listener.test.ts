import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect as connectTcp, type Socket } from "node:net";
import { connect } from "node:tls";
import { fileURLToPath } from "node:url";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { LISTENER_KINDS } from "../../test/listener-kinds.ts";
import { ended } from "../../test/raw-client.ts";
import { DEVICE, recordedHello, TestListener } from "../../test/test-listener.ts";

/** Of the doorway's limits.rs. */
const HANDSHAKES_MAX = 512;
const CROWDED_HANDSHAKE_MS = 3_000;
const HANDSHAKE_TIMEOUT_MS = 10_000;
const TURN_TIMEOUT_MS = 60_000;

let hello: Buffer;
beforeAll(async () => {
  hello = await recordedHello();
});

describe.runIf(LISTENER_KINDS.includes("native"))("NativeListener", () => {
  let opened: TestListener;
  beforeEach(async () => {
    opened = await TestListener.open("native");
  });
  afterEach(() => opened.close());

  const counts = () => opened.listener.counts();

  /** Takes all places with handshakes that stop in the middle. */
  async function fill(): Promise<Socket[]> {
    const sockets: Socket[] = [];
    for (let count = 0; count < HANDSHAKES_MAX; count++) sockets.push(await opened.knock(hello));
    await expect.poll(() => counts().handshakes, { timeout: 10_000 }).toBe(HANDSHAKES_MAX);
    return sockets;
  }

  it("has no more handshakes at a time than the bound, and lets the newest go on first", async () => {
    const [first] = await fill();
    const older = await opened.knock(hello);
    await expect.poll(() => counts().waiting).toBe(1);
    const newer = await opened.knock(hello);
    await expect.poll(() => counts()).toMatchObject({ handshakes: HANDSHAKES_MAX, waiting: 2 });
    first?.destroy();
    await once(newer, "data");
    await expect.poll(() => counts()).toMatchObject({ handshakes: HANDSHAKES_MAX, waiting: 1 });
    await opened.pass(CROWDED_HANDSHAKE_MS);
    await expect.poll(() => opened.refused).toBe(1);
    await opened.pass(1);
    await once(older, "data");
    await expect
      .poll(() => [counts().handshakes, counts().waiting, opened.refused])
      .toEqual([1, 0, HANDSHAKES_MAX + 1]);
  });

  it("lets a device in among those who stop in the middle", async () => {
    await fill();
    await opened.knock(hello);
    const device = opened.dial();
    await expect.poll(() => counts().waiting).toBe(2);
    await opened.pass(CROWDED_HANDSHAKE_MS + 1);
    await once(device, "secureConnect");
    await expect.poll(() => opened.seen.length).toBe(1);
  });

  it("turns away who has waited too long", async () => {
    await fill();
    const waiting = await opened.knock(hello);
    await expect.poll(() => counts().waiting).toBe(1);
    await opened.pass(TURN_TIMEOUT_MS + 1);
    await ended(waiting.resume());
    await expect.poll(() => counts()).toMatchObject({ handshakes: 0, waiting: 0, silent: 0 });
  });

  it("gives a handshake its time while nobody waits, and no more", async () => {
    const socket = await opened.knock(hello);
    await once(socket, "data");
    await opened.pass(HANDSHAKE_TIMEOUT_MS);
    expect(counts().handshakes).toBe(1);
    await opened.pass(1);
    await ended(socket.resume());
    await expect.poll(() => [counts().handshakes, opened.refused]).toEqual([0, 1]);
  });

  it("ends a device that leaves more unread than the bound, and says so", async () => {
    const { seen } = await opened.device();
    const piece = Buffer.alloc(65_536);
    while (seen.ending === undefined) {
      seen.connection.write(piece);
      await new Promise(setImmediate);
    }
    expect(seen.ending).toBe("unread");
  });
});

describe.runIf(LISTENER_KINDS.includes("native"))("NativeListener with few files", () => {
  const FILES = 64;
  const STRANGERS = 100;

  it("lets devices in again once strangers have given theirs back", async () => {
    const script = fileURLToPath(new URL("../../test/few-files.ts", import.meta.url));
    const limited = ["-c", `ulimit -n ${FILES}; exec "$0" "$@"`, process.execPath, script];
    const child = spawn("sh", limited, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
    const [port] = (await once(child, "message")) as [number];
    const strangers = Array.from({ length: STRANGERS }, () => connectTcp(port, "127.0.0.1"));
    await Promise.all(strangers.map((socket) => once(socket, "connect")));
    const device = connect({ port, host: "127.0.0.1", rejectUnauthorized: false, ...DEVICE });
    const letIn = async () => {
      child.send("sweep");
      return (await once(child, "message"))[0];
    };
    // Everybody has come as far as the kernel's queue, and no file is left for the device.
    expect(await letIn()).toBe(0);
    for (const socket of strangers) socket.destroy();
    await expect.poll(letIn, { timeout: 10_000 }).toBe(1);
    device.destroy();
    child.disconnect();
    await once(child, "exit");
  });
});
