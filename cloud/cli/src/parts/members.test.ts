import { EvaluateError } from "@gridpact/ledger";
import { describe, expect, it } from "vitest";
import { asUserError } from "./members.ts";

const refused = new EvaluateError("tx", new Error("chaincode response 500, DISPUTE_LATE: too late"));
const unanswered = new EvaluateError("tx", new Error("14 UNAVAILABLE: no connection"));

function shown(error: unknown): unknown {
  try {
    return asUserError(error);
  } catch (thrown) {
    return thrown;
  }
}

describe("what a user is told of a ledger's answer", () => {
  it("begins with the contract's code, or with the phase in which nobody answered", () => {
    expect(shown(refused)).toMatchObject({ code: "LEDGER_REFUSED", message: expect.stringMatching(/^DISPUTE_LATE: /) });
    const message = expect.stringMatching(/^LEDGER_EVALUATE: .*UNAVAILABLE/);
    expect(shown(unanswered)).toMatchObject({ code: "LEDGER_REFUSED", message, cause: unanswered });
  });

  it("is anything else as it is", () => {
    const fault = new TypeError("a fault of ours");
    expect(shown(fault)).toBe(fault);
  });
});
