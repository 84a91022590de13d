import { describe, expect, it } from "vitest";
import { CONTRACT_ERROR_CODES, ContractError, contractErrorCode, demand } from "./contract-error.ts";

describe("a contract error", () => {
  it.each(CONTRACT_ERROR_CODES)("carries %s through the message, which is all that Fabric passes on", (code) => {
    const { message } = new ContractError(code, "some text: with a colon");
    expect(contractErrorCode(message)).toBe(code);
    expect(contractErrorCode(`10 ABORTED: chaincode response 500, ${message}`)).toBe(code);
  });

  it.each(["", "SC1_LATE_ACCEPTANCE", "NOT_OURS: text", "XSC1_LATE_ACCEPTANCE: text", "constructor: text"])(
    "has no code in %j",
    (message) => {
      expect(contractErrorCode(message)).toBeUndefined();
    },
  );

  it("is thrown when a demand is not met, and only then", () => {
    expect(() => demand(true, "SC1_CHUNK_EXISTS", () => "full")).not.toThrow();
    expect(() => demand(false, "SC1_CHUNK_EXISTS", () => "full")).toThrow("SC1_CHUNK_EXISTS: full");
  });
});
