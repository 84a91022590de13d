import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { SeededRandom, signingKeyFromSeed, wallClock } from "@gridpact/host";
import { issueAuthority, issueCertificate } from "@gridpact/ledger";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HttpProfileLink } from "./http-profile-link.ts";
import { linkRefusal } from "./links.ts";

const RANDOM = new SeededRandom("link");
const PROFILE = { vnId: "district", feidCount: 3, importW: -5, reboundPerMille: 500, reduceWMax: 7 };
const MODULES = { random: RANDOM, clock: wallClock() };

type Call = { method: string; path: string; body: string; vn: string };

let server: Server;
let calls: Call[];
let answer: { status: number; body: string };
let link: HttpProfileLink;

function issue(authority: ReturnType<typeof issueAuthority>, commonName: string) {
  const key = signingKeyFromSeed(RANDOM.bytes(32));
  const names = { serverNames: ["localhost"] };
  const certificatePem = issueCertificate(
    { authority, commonName, publicKey: key.publicKey, kind: "client", ...names },
    MODULES,
  );
  return { keyPem: key.privateKey.export({ format: "pem", type: "pkcs8" }).toString(), certificatePem };
}

beforeEach(async () => {
  calls = [];
  answer = { status: 204, body: "" };
  const authority = issueAuthority({ mspId: "AggregatorMSP", key: signingKeyFromSeed(RANDOM.bytes(32)) }, MODULES);
  const own = issue(authority, "aggregator");
  const ca = authority.certificatePem;
  server = createServer({ key: own.keyPem, cert: own.certificatePem, ca, requestCert: true }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const vn = String((request.socket as TLSSocket).getPeerCertificate().subject.CN);
      calls.push({ method: request.method ?? "", path: request.url ?? "", body: Buffer.concat(chunks).toString(), vn });
      response.writeHead(answer.status).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  link = new HttpProfileLink({ host: "localhost", port, ...issue(authority, "district"), authorityPems: [ca] });
});

afterEach(async () => {
  link.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe("HttpProfileLink", () => {
  it("says who it is by its certificate, and what it has to say as JSON", async () => {
    await link.register(PROFILE);
    expect(calls).toEqual([
      {
        method: "PUT",
        path: "/api/v1/virtual-nodes/district/profile",
        body: '{"feidCount":3,"importW":-5,"reboundPerMille":500,"reduceWMax":7,"vnId":"district"}',
        vn: "district",
      },
    ]);
  });

  it("passes the aggregator's refusal on with its code, which may be final", async () => {
    answer = { status: 403, body: JSON.stringify({ code: "NOT_YOURS", detail: "another's place" }) };
    const error = await link.register(PROFILE).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "NOT_YOURS", status: 403 });
    expect(linkRefusal(error)).toBe("NOT_YOURS");
  });

  it("takes an answer that is no problem document, and no answer, as trouble that may pass", async () => {
    for (const body of ["<html>", "null", '"words"', "{}"]) {
      answer = { status: 502, body };
      const odd = await link.register(PROFILE).catch((thrown: unknown) => thrown);
      expect(odd, body).toMatchObject({ code: "AGGREGATOR_UNREACHABLE", status: 502 });
    }
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    const away = await link.register(PROFILE).catch((thrown: unknown) => thrown);
    expect(away).toMatchObject({ code: "AGGREGATOR_UNREACHABLE", status: 0 });
    expect(linkRefusal(away)).toBeUndefined();
  });

  it("refuses an answer that is larger than any honest one", async () => {
    answer = { status: 200, body: "x".repeat(65_537) };
    const error = await link.register(PROFILE).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "AGGREGATOR_UNREACHABLE", message: expect.stringContaining("too large") });
  });

  it("tells what the aggregator says of its cluster, and takes anything else as trouble that may pass", async () => {
    const guidance = {
      guidelines: { membersMin: 2, membersMax: 9, capacityWMax: 9_000, movesMax: 1, dwellMs: 1, gainPerMilleMin: 20 },
      moves: [{ memberId: "a", fromVnId: "district", toVnId: "offices" }],
    };
    answer = { status: 200, body: JSON.stringify(guidance) };
    expect(await link.describe("district", [])).toEqual(guidance);
    expect(calls).toMatchObject([{ method: "PUT", path: "/api/v1/virtual-nodes/district/prosumers" }]);
    for (const body of ["<html>", "null", '"words"', "{}", '{"guidelines":{}}']) {
      answer = { status: 200, body };
      const odd = await link.describe("district", []).catch((thrown: unknown) => thrown);
      expect(odd, body).toMatchObject({ code: "AGGREGATOR_UNREACHABLE" });
    }
  });

  it("does not talk to a server of another authority", async () => {
    const stranger = issueAuthority({ mspId: "AggregatorMSP", key: signingKeyFromSeed(RANDOM.bytes(32)) }, MODULES);
    const { port } = server.address() as AddressInfo;
    const authorityPems = [stranger.certificatePem];
    const other = new HttpProfileLink({ host: "localhost", port, ...issue(stranger, "district"), authorityPems });
    await expect(other.register(PROFILE)).rejects.toMatchObject({ code: "AGGREGATOR_UNREACHABLE" });
    expect(calls).toEqual([]);
    other.close();
  });
});
