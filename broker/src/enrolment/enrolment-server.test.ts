import { once } from "node:events";
import { connect } from "node:tls";
import { SeededRandom, SimulatedDisk, wallClock } from "@gridpact/host";
import { encode } from "@gridpact/proto";
import { afterEach, describe, expect, it } from "vitest";
import { MeteringDevice } from "../../test/metering-device.ts";
import { validityBy } from "./certificate-validity.ts";
import type { EnrolmentOutcome } from "./enrolment.ts";
import { listenForEnrolment, REQUEST_BYTES_MAX } from "./enrolment-server.ts";
import { openAuthority, openServerKey } from "./key-files.ts";

const ENROLLED: EnrolmentOutcome = { isEnrolled: true, certificatePem: "certificate", caPem: "authority" };
const REQUEST = encode("EnrolmentRequest", new MeteringDevice("meter-1", 1).enrolmentRequest("token"));

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A server whose node answers each request as it is told, and counts them. */
async function serverThat(enrol: () => Promise<EnrolmentOutcome>) {
  const modules = {
    disk: new SimulatedDisk(new SeededRandom("disk")),
    random: new SeededRandom("keys"),
    clock: wallClock(),
  };
  const validity = validityBy(modules.clock);
  const authority = await openAuthority({ mspId: "VnMSP", validity }, modules);
  const names = { authority, vnId: "district", serverNames: ["localhost"], validity };
  const { key, certificatePem } = await openServerKey(names, modules);
  const keyPem = key.privateKey.export({ format: "pem", type: "pkcs8" }).toString();
  const options = { host: "127.0.0.1", port: 0, keyPem, certificatePem, mqttPort: 8_883 };
  const server = await listenForEnrolment(options, { clock: modules.clock, enrol });
  closing.push(() => server.close());
  return { port: server.port, caPem: authority.certificatePem };
}

function post(body: Uint8Array, type = "application/octet-stream"): Buffer {
  const head = ["POST /enrol HTTP/1.1", "host: localhost", `content-type: ${type}`, `content-length: ${body.length}`];
  return Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`), body]);
}

/** All that comes back on one connection until the server ends it. */
async function answersTo(server: { port: number; caPem: string }, bytes: Uint8Array): Promise<string> {
  const socket = connect({ port: server.port, host: "127.0.0.1", servername: "localhost", ca: server.caPem });
  let answered = "";
  socket.on("data", (chunk: Buffer) => {
    answered += chunk.toString();
  });
  socket.on("error", () => undefined);
  socket.write(bytes);
  await once(socket, "close");
  return answered;
}

const statusesIn = (answers: string) =>
  [...answers.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => Number(status));

describe("the enrolment server", () => {
  it("answers with certificate, authority and the port for everything else", async () => {
    const answered = await answersTo(await serverThat(async () => ENROLLED), post(REQUEST));
    expect(answered).toContain('{"certificatePem":"certificate","caPem":"authority","mqttPort":8883}');
  });

  it("looks at one request of a connection, however many a stranger puts on it", async () => {
    let asked = 0;
    const server = await serverThat(async () => {
      asked += 1;
      return ENROLLED;
    });
    const answered = await answersTo(server, Buffer.concat(Array.from({ length: 50 }, () => post(REQUEST))));
    expect(asked).toBe(1);
    expect(statusesIn(answered)[0]).toBe(200);
    expect(new Set(statusesIn(answered).slice(1))).toEqual(new Set(statusesIn(answered).length > 1 ? [503] : []));
  });

  it.each([
    ["another type", post(REQUEST, "image/png"), [415]],
    ["bytes that are no request", post(Uint8Array.of(255)), [400]],
    ["a request beyond its bound", post(new Uint8Array(REQUEST_BYTES_MAX + 1)), [413]],
  ])("refuses %s before the node hears of it", async (_, bytes, statuses) => {
    const server = await serverThat(() => Promise.reject(new Error("nobody is to be asked")));
    expect(statusesIn(await answersTo(server, bytes))).toEqual(statuses);
  });

  it.each([
    ["registry_full", 507],
    ["device_id_invalid", 400],
    ["release_pending", 503],
  ] as const)("tells %s as a problem that says whether to come again", async (reason, status) => {
    const server = await serverThat(async () => ({ isEnrolled: false, reason }));
    const answered = await answersTo(server, post(REQUEST));
    expect(statusesIn(answered)).toEqual([status]);
    expect(answered).toContain(`"status":${status},"code":"${reason}"`);
  });
});
