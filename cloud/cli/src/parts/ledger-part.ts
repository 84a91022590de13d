import { collections, contractsVerifyingWith } from "@gridpact/contracts";
import { nodeDisk, systemRandom } from "@gridpact/host";
import { CHAINCODE_NAME, runEmbeddedLedger } from "@gridpact/ledger";
import { openSignatureVerifier } from "@gridpact/native";
import { channelConsortium, ledgerNodes } from "../consortium/channel-consortium.ts";
import { memberOf } from "../consortium/consortium.ts";
import { privateKeyPem } from "../consortium/consortium-files.ts";
import { writeRunFile } from "../process/run-file.ts";
import { endProcess, type PartContext, type RunningPart } from "./part.ts";

/** Runs the embedded ledger. */
export async function runLedgerPart({ data, clock, log, consortium, listening }: PartContext): Promise<RunningPart> {
  const server = memberOf(consortium, "ledger-server");
  const tls = { certificatePem: server.certificatePem, privateKeyPem: privateKeyPem(server) };
  const running = await runEmbeddedLedger(
    {
      consortium: channelConsortium(consortium),
      ...ledgerNodes(consortium),
      chaincodes: [{ name: CHAINCODE_NAME, contracts: contractsVerifyingWith(openSignatureVerifier()), collections }],
      gateway: { host: listening.host, port: listening.port, tls },
    },
    { disk: nodeDisk(data.at("ledger")), clock, random: systemRandom, log, onFatal: endProcess(log) },
  );
  writeRunFile(data, "ledger", { gateway: running.port }, listening.advertisedHost);
  return running;
}
