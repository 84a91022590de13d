import { ContractError } from "@gridpact/contracts";
import { describe, expect, it } from "vitest";
import { EvaluateError } from "../client/index.ts";
import { unlessRefused } from "./contract-queries.ts";

const refused = new EvaluateError("tx", new Error("chaincode response 500, DISPUTE_LATE: too late"));
const unanswered = new EvaluateError("tx", new Error("14 UNAVAILABLE: no connection"));

describe("a question that may be refused", () => {
  it("has no answer for those codes, and fails for all others", async () => {
    const asked = (error: Error) => unlessRefused(["DISPUTE_LATE"], () => Promise.reject(error));
    expect(await asked(refused)).toBeUndefined();
    await expect(asked(unanswered)).rejects.toBe(unanswered);
    const other = new ContractError("SC2_UNKNOWN", "x");
    await expect(asked(other)).rejects.toBe(other);
    expect(await unlessRefused(["DISPUTE_LATE"], async () => 7)).toBe(7);
  });
});
