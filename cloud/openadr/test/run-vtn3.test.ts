import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { hashClientSecret, Oadr3Client, runVtn3, systemClock } from "../src/index.ts";
import { createTestPki } from "./test-pki.ts";

const pki = createTestPki();
const identity = pki.issue("vtn3");
let folder = "";
const cleanups: (() => Promise<unknown>)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "openadr3-run-"));
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  rmSync(folder, { recursive: true });
});

async function start(areInternalCallbacksAllowed = false) {
  const tls = { certificatePath: join(folder, "crt"), privateKeyPath: join(folder, "key") };
  writeFileSync(tls.certificatePath, identity.certificatePem);
  writeFileSync(tls.privateKeyPath, identity.privateKeyPem);
  const problems: unknown[] = [];
  const running = await runVtn3(
    {
      port: 0,
      tls,
      basePath: "/openadr3/3.1.0",
      clients: [
        { clientId: "bl", secretSha256: hashClientSecret("1"), role: "bl" },
        { clientId: "ven", secretSha256: hashClientSecret("2"), role: "ven" },
      ],
      dataFolder: join(folder, "data"),
      areInternalCallbacksAllowed,
    },
    { onFault: (error) => problems.push(error), onGivenUp: (_recipient, cause) => problems.push(cause) },
  );
  cleanups.push(() => running.stop());
  const connect = (clientId: string, clientSecret: string) => {
    const client = new Oadr3Client({ url: running.url, clientId, clientSecret, caPem: pki.caPem, clock: systemClock });
    cleanups.push(() => client.close());
    return client;
  };
  return { ...running, connect, problems };
}

async function listenForNotifications(receiver = { status: 200 }) {
  const heard: { authorization: string | undefined; body: { operation: string; object: { id: string } } }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      heard.push({ authorization: request.headers.authorization, body: JSON.parse(Buffer.concat(chunks).toString()) });
      response.writeHead(receiver.status).end();
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanups.push(async () => server.close());
  const address = server.address();
  return { heard, url: `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/hook` };
}

describe("a 3.1 VTN that runs", () => {
  it("serves clients over TLS, tells subscribers, and keeps everything when it starts again", async () => {
    const first = await start(true);
    const { heard, url } = await listenForNotifications();
    const [bl, ven] = [first.connect("bl", "1"), first.connect("ven", "2")];
    const objectOperations = [
      { objects: ["EVENT"], operations: ["CREATE"], callbackUrl: url, bearerToken: "secret" },
    ] as const;
    await ven.create("subscriptions", { clientName: "ven", objectOperations });
    const program = await bl.create("programs", { programName: "P" });
    const event = await bl.create("events", { programID: program.id });
    await vi.waitFor(() => expect(heard).toHaveLength(1));
    expect(heard[0]).toMatchObject({
      authorization: "Bearer secret",
      body: { operation: "CREATE", object: { id: event.id } },
    });
    await first.stop();
    const again = await start();
    expect(await again.connect("ven", "2").all("events", { programID: program.id })).toEqual([event]);
    expect([...first.problems, ...again.problems]).toEqual([]);
  });

  it("stops while a notification waits for another attempt, and sends it when it starts again", async () => {
    const first = await start(true);
    const receiver = { status: 503 };
    const { heard, url } = await listenForNotifications(receiver);
    const bl = first.connect("bl", "1");
    const objectOperations = [{ objects: ["PROGRAM"], operations: ["CREATE"], callbackUrl: url }] as const;
    await bl.create("subscriptions", { clientName: "bl", objectOperations });
    const { id } = await bl.create("programs", { programName: "P" });
    await vi.waitFor(() => expect(heard).toHaveLength(1));
    await first.stop();
    receiver.status = 200;
    const again = await start(true);
    await vi.waitFor(() => expect(heard).toHaveLength(2));
    expect(heard[1]).toMatchObject({ body: { operation: "CREATE", object: { id } } });
    expect([...first.problems, ...again.problems]).toEqual([]);
  });

  it("gives up callbacks into its own network", async () => {
    const running = await start();
    const { heard, url } = await listenForNotifications();
    const objectOperations = [{ objects: ["PROGRAM"], operations: ["CREATE"], callbackUrl: url }] as const;
    const bl = running.connect("bl", "1");
    await bl.create("subscriptions", { clientName: "bl", objectOperations });
    await bl.create("programs", { programName: "P" });
    await vi.waitFor(() => expect(running.problems).toMatchObject([{ code: "internal-address" }]));
    expect(heard).toEqual([]);
  });

  it("answers a client's mistakes by errors with a status", async () => {
    const { connect, url } = await start();
    await expect(connect("bl", "wrong").search("programs")).rejects.toMatchObject({
      code: "unauthorized",
      status: 401,
    });
    const bl = connect("bl", "1");
    await expect(bl.read("programs", "none")).rejects.toMatchObject({ code: "refused", status: 404 });
    const program = await bl.create("programs", { programName: "P" });
    expect(await bl.update("programs", program.id, { programName: "Q" })).toMatchObject({ programName: "Q" });
    expect(await bl.delete("programs", program.id)).toMatchObject({ id: program.id });
    const stranger = new Oadr3Client({ url, clientId: "bl", clientSecret: "1", clock: systemClock });
    await expect(stranger.search("programs")).rejects.toMatchObject({ code: "unreachable" });
    await stranger.close();
  });

  it("gives a client all pages at once", async () => {
    const bl = (await start()).connect("bl", "1");
    for (let count = 0; count < 51; count += 1) await bl.create("programs", { programName: `P${count}` });
    expect(await bl.all("programs")).toHaveLength(51);
    expect(await bl.search("programs", { skip: 50 })).toHaveLength(1);
  });
});
