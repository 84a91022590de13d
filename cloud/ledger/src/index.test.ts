import { expect, test } from "vitest";
import * as ledger from "./index.ts";

test("exports these names and no others", () => {
  expect(Object.keys(ledger).sort()).toEqual([
    "BATCH_DEFAULT",
    "BlockNotProvenError",
    "BlockVerifier",
    "CHAINCODE_NAME",
    "CHANNEL_NAME",
    "CertificateError",
    "CommitError",
    "CommitStatusError",
    "EmbeddedGateway",
    "EmbeddedLedger",
    "EndorseError",
    "EvaluateError",
    "EventsError",
    "GatewayLedger",
    "GatewayStatusError",
    "LedgerActs",
    "LedgerConfigError",
    "LedgerDamagedError",
    "LedgerError",
    "MSP_IDS",
    "OfflineSigningError",
    "Outbox",
    "OutboxError",
    "SubmitError",
    "inProcessClient",
    "issueAuthority",
    "issueCertificate",
    "ledgerRefusal",
    "readCertificate",
    "readStoredBlocks",
    "runEmbeddedLedger",
    "verifyChain",
  ]);
});
