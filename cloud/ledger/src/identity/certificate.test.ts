import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer, type TLSSocket } from "node:tls";
import { SEED_BYTES, SeededRandom, type SigningKey, signingKeyFromSeed, VirtualClock } from "@gridpact/host";
import { expect, test } from "vitest";
import { issueAuthority, issueCertificate } from "./certificate.ts";
import { CertificateError, readCertificate } from "./certificate-reader.ts";

const NOW_UNIX_MS = Date.UTC(2016, 0, 28);

function setUp(seed = "certificates") {
  const random = new SeededRandom(seed);
  const modules = { random, clock: new VirtualClock(NOW_UNIX_MS) };
  const newKey = (): SigningKey => signingKeyFromSeed(random.bytes(SEED_BYTES));
  const authority = issueAuthority({ mspId: "VnMSP", key: newKey() }, modules);
  return { modules, newKey, authority };
}

function pem(key: SigningKey): string {
  return key.privateKey.export({ format: "pem", type: "pkcs8" }).toString();
}

test("an issued certificate says what was asked for", () => {
  const { modules, newKey, authority } = setUp();
  const { publicKey } = newKey();
  const attributes = { role: "prosumer", deviceId: "feid-7" };
  const request = { authority, commonName: "feid-7", publicKey, kind: "client", attributes } as const;
  const certificate = readCertificate(issueCertificate(request, modules));
  expect(certificate).toMatchObject({
    commonName: "feid-7",
    organisation: "VnMSP",
    organisationalUnit: "client",
    attributes,
    isAuthority: false,
    notBeforeUnixMs: NOW_UNIX_MS - 86_400_000,
  });
  expect(certificate.publicKey.export({ format: "jwk" }).x).toBe(Buffer.from(publicKey).toString("base64url"));
  const issuer = readCertificate(authority.certificatePem);
  expect(issuer.isAuthority).toBe(true);
  expect(certificate.x509.checkIssued(issuer.x509) && certificate.x509.verify(issuer.publicKey)).toBe(true);
});

test("OpenSSL reads the same, extension by extension", () => {
  const { modules, newKey, authority } = setUp();
  const pemText = issueCertificate(
    {
      authority,
      commonName: "gateway",
      publicKey: newKey().publicKey,
      kind: "peer",
      serverNames: ["localhost", "127.0.0.1"],
      validity: { notBeforeUnixMs: Date.UTC(2016, 0, 1), notAfterUnixMs: Date.UTC(2060, 0, 1) },
    },
    modules,
  );
  const certificate = new X509Certificate(pemText);
  expect(certificate.subject).toBe("O=VnMSP\nOU=peer\nCN=gateway");
  expect(certificate.issuer).toBe("O=VnMSP\nCN=ca.VnMSP");
  expect([certificate.validFrom, certificate.validTo]).toEqual([
    "Jan  1 00:00:00 2016 GMT",
    "Jan  1 00:00:00 2060 GMT",
  ]);
  expect(certificate.subjectAltName).toBe("DNS:localhost, IP Address:127.0.0.1");
  // Client and server authentication. [RFC5280 s.4.2.1.12]
  expect(certificate.keyUsage).toEqual(["1.3.6.1.5.5.7.3.2", "2.5.29.37.0", "1.3.6.1.5.5.7.3.1"]);
  expect(certificate.serialNumber.length).toBeGreaterThan(28);
  expect(certificate.checkIssued(new X509Certificate(authority.certificatePem))).toBe(true);
});

test("the same request, random and clock give the same bytes, another seed others", () => {
  const issue = (seed: string) => {
    const { modules, newKey, authority } = setUp(seed);
    const { publicKey } = newKey();
    return issueCertificate({ authority, commonName: "vn", publicKey, kind: "client" }, modules);
  };
  expect(issue("one")).toBe(issue("one"));
  expect(issue("one")).not.toBe(issue("two"));
});

test("refuses to certify keys that are none, or for which anyone could sign", () => {
  const { modules, authority } = setUp();
  const request = { authority, commonName: "feid", kind: "client" } as const;
  for (const publicKey of [new Uint8Array(31), new Uint8Array(32), Uint8Array.of(1, ...new Uint8Array(31))]) {
    expect(() => issueCertificate({ ...request, publicKey }, modules)).toThrow(RangeError);
  }
});

test("refuses to read what is not a certificate", () => {
  for (const text of ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]) {
    expect(() => readCertificate(text)).toThrow(CertificateError);
  }
});

test("Node's TLS accepts issued certificates on both sides, and refuses those of a stranger", async () => {
  const { modules, newKey, authority } = setUp();
  const validity = { notBeforeUnixMs: Date.UTC(2015, 0, 1), notAfterUnixMs: Date.UTC(2099, 0, 1) };
  const issue = (key: SigningKey, serverNames: string[], by = authority) =>
    issueCertificate(
      { authority: by, commonName: "node", publicKey: key.publicKey, kind: "peer", serverNames, validity },
      modules,
    );
  const ca = issueAuthority({ mspId: "VnMSP", key: authority.key, validity }, modules);
  const stranger = issueAuthority({ mspId: "VnMSP", key: newKey(), validity }, modules);
  const [serverKey, clientKey] = [newKey(), newKey()];
  const server = createServer({
    key: pem(serverKey),
    cert: issue(serverKey, ["localhost"], ca),
    ca: ca.certificatePem,
    requestCert: true,
    rejectUnauthorized: true,
  });
  server.on("secureConnection", (socket: TLSSocket) => socket.end(String(socket.getPeerCertificate().subject.CN)));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const dial = async (trusted: string, cert: string) => {
    const socket = connect({
      host: "127.0.0.1",
      port,
      servername: "localhost",
      ca: trusted,
      key: pem(clientKey),
      cert,
    });
    let text = "";
    socket.on("data", (bytes) => {
      text += bytes;
    });
    await once(socket, "close");
    return text;
  };
  expect(await dial(ca.certificatePem, issue(clientKey, [], ca))).toBe("node");
  await expect(dial(stranger.certificatePem, issue(clientKey, [], ca))).rejects.toThrow(/certificate/);
  // In TLS 1.3 the client is done before the server has seen its certificate: it hears of it as an alert, or a close.
  expect(await dial(ca.certificatePem, issue(clientKey, [], stranger)).catch(() => "alert")).not.toBe("node");
  server.close();
});
