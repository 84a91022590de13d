import { type Random, VirtualClock } from "@gridpact/host";
import { Client, credentials } from "@grpc/grpc-js";
import { type TestIdentity, type TestNetwork, testNetwork } from "./network.ts";

export type ServedNetwork = {
  network: TestNetwork;
  user: TestIdentity;
  tls: { certificatePem: string; privateKeyPem: string };
};

/** Certificates are issued on this day, so that each process makes the same, and hold for twenty years. */
const ISSUED_AT_UNIX_MS = Date.UTC(2025, 0, 1);

/** The test network with a TLS certificate for its gateway and one user; same random, same bytes. */
export function servedNetwork(random: Random): ServedNetwork {
  const network = testNetwork({ random, clock: new VirtualClock(ISSUED_AT_UNIX_MS) });
  const server = network.issue({
    mspId: "AggregatorMSP",
    commonName: "gateway",
    kind: "peer",
    serverNames: ["localhost", "127.0.0.1"],
  });
  const privateKeyPem = server.key.privateKey.export({ format: "pem", type: "pkcs8" }).toString();
  const user = network.issue({ mspId: "VnMSP", commonName: "vn", kind: "client", attributes: { role: "vn" } });
  return { network, user, tls: { certificatePem: server.certificatePem, privateKeyPem } };
}

/** A gRPC client that trusts the organisation that issued the gateway's certificate. */
export function grpcClient({ network }: ServedNetwork, port: number, trustedMspId = "AggregatorMSP"): Client {
  const trusted = network.consortium.organisations.find(({ mspId }) => mspId === trustedMspId);
  const channel = credentials.createSsl(Buffer.from(trusted?.authorityPem ?? ""));
  return new Client(`127.0.0.1:${port}`, channel, { "grpc.ssl_target_name_override": "localhost" });
}
