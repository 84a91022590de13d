import { createPrivateKey, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Clock, systemRandom } from "@gridpact/host";
import { Client, credentials } from "@grpc/grpc-js";
import { EndorseError, GatewayLedger, type LedgerIdentity } from "../src/index.ts";
import { CERTIFICATE_FILE, KEY_FILE } from "./material.ts";
import type { FabricPaths } from "./paths.ts";
import type { PeerNode } from "./topology.ts";

/** gRPC status of a gateway whose endorsers have run the contract, and refused. */
const ABORTED = 10;

/** A peer that has just started may be slow; who asks, asks again. */
const CALL_MS_MAX = 10_000;

/**
 * Whether a peer's gateway finds a peer of each organisation to endorse a transaction. Peers learn by gossip of each
 * other, and of the contracts that each runs: some seconds after a deployment, and until then the gateway turns every
 * transaction away. What it is asked to endorse is a query by the organisation's administrator, who has no role with
 * the contracts: they refuse it, which only happens once the endorsers are found, and nothing is ordered.
 */
export async function findsEndorsers(
  peer: PeerNode,
  endorsingOrganisations: readonly string[],
  { paths, clock }: { paths: FabricPaths; clock: Clock },
): Promise<boolean> {
  const authorities = readFileSync(paths.nodeTls(peer.name).authorities);
  const client = new Client(`${peer.host}:${peer.ports.gateway}`, credentials.createSsl(authorities), {
    // Every node's certificate has this name, whatever the host is called.
    "grpc.ssl_target_name_override": "localhost",
  });
  const callOptions = () => ({ deadline: clock.nowUnixMs() + CALL_MS_MAX });
  const ledger = new GatewayLedger(
    { client, identity: administratorOf(peer, paths), callOptions },
    { random: systemRandom, clock },
  );
  try {
    // Named, as the gateway otherwise asks its own peer first, and passes that refusal on without looking for others.
    await ledger.prepare("accounts:GetSupply", {}, { endorsingOrganisations });
    return true;
  } catch (error) {
    if (error instanceof EndorseError) return error.status === ABORTED;
    throw error;
  } finally {
    client.close();
  }
}

function administratorOf({ mspId }: PeerNode, paths: FabricPaths): LedgerIdentity {
  const directory = paths.administratorMsp(mspId);
  const privateKey = createPrivateKey(readFileSync(join(directory, "keystore", KEY_FILE)));
  return {
    mspId,
    certificatePem: readFileSync(join(directory, "signcerts", CERTIFICATE_FILE), "utf8"),
    key: { sign: (message) => sign(null, message, privateKey) },
  };
}
