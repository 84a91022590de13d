import { describe, expect, it } from "vitest";
import * as face from "./index.ts";

describe("the package", () => {
  it("exports exactly these values", () => {
    expect(Object.keys(face).sort()).toEqual([
      "ACCESS",
      "AGGREGATOR_ACCOUNT",
      "CHAINCODE_EVENT",
      "CHUNKS_PER_SC1_MAX",
      "CONTRACT_ERROR_CODES",
      "ContractError",
      "DEFAULT_PROGRAMME_ID",
      "GAP_GRACE_MS",
      "ROLES",
      "ROLE_MSP_IDS",
      "SC2_BATCH_MAX",
      "SC2_PER_CHUNK_MAX",
      "SC2_PER_SC1_MAX",
      "SUPPLY_INPUT",
      "accountHolder",
      "amendmentHash",
      "baselineCommitment",
      "checkSupplyOpening",
      "collections",
      "contractErrorCode",
      "contractInstants",
      "contracts",
      "contractsVerifyingWith",
      "deadlinesOf",
      "deviceAccount",
      "isIncluded",
      "privateHashHex",
      "readResult",
      "recomputeSc1",
      "replayTransaction",
      "rulingClaimId",
      "sc1DeadlinesOf",
      "termsHash",
      "termsInForce",
      "verifyEvidence",
      "vnAccount",
    ]);
  });

  it("has the contracts of the chaincode", () => {
    const names = face.contracts.map((Class) => new Class().getName());
    expect(names).toEqual([
      "registry",
      "anchors",
      "accounts",
      "sc1",
      "sc2",
      "time",
      "programmes",
      "claims",
      "hedges",
      "disputes",
      "supply",
    ]);
  });

  it("reads a result with its energies and money as bigint, and refuses another", () => {
    expect(
      face.readResult("accounts:GetSupply", { mintedMicro: "7", burnedMicro: "0", circulatingMaxMicro: null }),
    ).toEqual({
      mintedMicro: 7n,
      burnedMicro: 0n,
      circulatingMaxMicro: null,
    });
    expect(() => face.readResult("accounts:GetSupply", { mintedMicro: 7 })).toThrow(
      /^RESULT_INVALID: accounts:GetSupply/,
    );
  });
});
