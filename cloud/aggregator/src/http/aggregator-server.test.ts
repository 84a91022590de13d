import { request as httpRequest } from "node:http";
import { type RequestOptions, request } from "node:https";
import { SeededRandom, signingKeyFromSeed, silentLog, wallClock } from "@gridpact/host";
import { type Authority, issueAuthority, issueCertificate } from "@gridpact/ledger";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AggregatorBench } from "../../test/aggregator-bench.ts";
import { AggregatorServer } from "./aggregator-server.ts";

const RANDOM = new SeededRandom("aggregator-server");
const MODULES = { random: RANDOM, clock: wallClock() };

let server: AggregatorServer;
let authority: Authority;
let bench: AggregatorBench;

function newKey() {
  return signingKeyFromSeed(RANDOM.bytes(32));
}

function newAuthority(mspId: string): Authority {
  return issueAuthority({ mspId, key: newKey() }, MODULES);
}

function pem(key: ReturnType<typeof newKey>): string {
  return key.privateKey.export({ format: "pem", type: "pkcs8" }).toString();
}

/** Key and certificate of a client, as its TLS options. */
function client(issuer: Authority, attributes: Record<string, string>): RequestOptions {
  const key = newKey();
  const commonName = attributes["vnId"] ?? "someone";
  const publicKey = key.publicKey;
  const cert = issueCertificate({ authority: issuer, commonName, publicKey, kind: "client", attributes }, MODULES);
  return { key: pem(key), cert, ca: authority.certificatePem };
}

/** Status of a PUT of a profile, or the code of the TLS failure. */
function statusOf(path: string, options: RequestOptions): Promise<number | string> {
  return new Promise((resolve) => {
    const place = { host: "localhost", port: server.vnPort(), path, method: "PUT" };
    const headers = { "content-type": "application/json" };
    const call = request({ ...place, headers, ...options }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    call.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    call.end(JSON.stringify({ vnId: "x", feidCount: 1, importW: 0, reduceWMax: 1, reboundPerMille: 0 }));
  });
}

beforeEach(async () => {
  bench = new AggregatorBench();
  const core = await bench.open();
  await bench.enrolNodes();
  authority = newAuthority("AggregatorMSP");
  const key = newKey();
  const certificatePem = issueCertificate(
    { authority, commonName: "aggregator", publicKey: key.publicKey, kind: "client", serverNames: ["localhost"] },
    MODULES,
  );
  const tls = { keyPem: pem(key), certificatePem, clientAuthorityPems: [authority.certificatePem] };
  server = await AggregatorServer.listen(
    { vnApi: { host: "127.0.0.1", port: 0, tls }, operatorApi: { port: 0 } },
    { core, screenClock: wallClock(), log: silentLog },
  );
});

afterEach(() => server.close());

describe("the aggregator's listeners", () => {
  const PROFILE = "/api/v1/virtual-nodes/district/profile";

  it("let in a virtual node by its certificate, and only to what is its own", async () => {
    const district = client(authority, { role: "vn", vnId: "district" });
    expect(await statusOf(PROFILE, district)).toBe(204);
    expect(await statusOf("/api/v1/virtual-nodes/offices/profile", district)).toBe(403);
  });

  it("let in nobody as a node whose certificate has another role", async () => {
    const device = client(authority, { role: "prosumer", vnId: "district", deviceId: "feid-1" });
    expect(await statusOf(PROFILE, device)).toBe(403);
    expect(await statusOf(PROFILE, client(authority, {}))).toBe(403);
  });

  it("refuse a client without certificate, or with one of another authority", async () => {
    expect(await statusOf(PROFILE, { ca: authority.certificatePem })).toMatch(/CERTIFICATE_REQUIRED|ECONNRESET/);
    const stranger = client(newAuthority("AggregatorMSP"), { role: "vn", vnId: "district" });
    expect(await statusOf(PROFILE, stranger)).toMatch(/UNKNOWN_CA|ECONNRESET|DECRYPT_ERROR|BAD_CERTIFICATE/);
  });

  it("answer the operator by the machine's own names only", async () => {
    const statusUnder = (host: string) =>
      new Promise<number>((resolve, reject) => {
        const call = httpRequest(
          { host: "127.0.0.1", port: server.operatorPort(), path: "/health", headers: { host } },
          (answer) => {
            answer.resume();
            resolve(answer.statusCode ?? 0);
          },
        );
        call.on("error", reject);
        call.end();
      });
    const port = server.operatorPort();
    expect(await statusUnder(`localhost:${port}`)).toBe(200);
    expect(await statusUnder(`127.0.0.1:${port}`)).toBe(200);
    expect(await statusUnder(`[::1]:${port}`)).toBe(200);
    expect(await statusUnder(`rebound.example:${port}`)).toBe(421);
    expect(await statusUnder("localhost.rebound.example")).toBe(421);
  });

  it("stream the live view to the operator", async () => {
    const document = await new Promise<string>((resolve, reject) => {
      const call = httpRequest({ host: "127.0.0.1", port: server.operatorPort(), path: "/api/v1/live" }, (answer) => {
        expect(answer.headers["content-type"]).toBe("text/event-stream");
        answer.once("data", (chunk: Buffer) => {
          resolve(chunk.toString());
          call.destroy();
        });
      });
      call.on("error", reject);
      call.end();
    });
    const view = JSON.parse(document.replace(/^event: live\ndata: /, ""));
    expect(view.virtualNodes.map((node: { vnId: string }) => node.vnId)).toEqual(["district", "offices"]);
  });
});
