import { EvaluateError } from "@gridpact/ledger";
import { writeUnitJson } from "@gridpact/settlement";
import { describe, expect, it } from "vitest";
import { payForKwh } from "../contract/index.ts";
import { readIncentive } from "./read-incentive.ts";

/** The ledger answers with JSON: amounts are text. */
const ledgerWith = (incentive: object) => ({
  evaluate: async () => JSON.parse(writeUnitJson({ policy: { incentive } })),
});
const fields = { capacityMicroPerWh: 0n, tiers: [] };

describe("what a programme pays for", () => {
  it("is energy without a programme", async () => {
    expect(await readIncentive(ledgerWith({}), null)).toEqual({ kind: "energy" });
  });

  it.each([
    ["energy", { kind: "energy", ...fields }, 48_000n],
    ["capacity", { kind: "capacity", ...fields, capacityMicroPerWh: 5n }, 53_000n],
    [
      "tiers, whatever the contract's price",
      {
        kind: "tiered",
        ...fields,
        tiers: [
          { uptoPerMille: 800n, priceMicroPerWh: 20n },
          { uptoPerMille: 1_000n, priceMicroPerWh: 90n },
        ],
      },
      800n * 20n + 200n * 90n,
    ],
  ])("is %s, and so is what a delivered kWh earns", async (_, incentive, payMicro) => {
    expect(payForKwh(48n, await readIncentive(ledgerWith(incentive), "peak"))).toBe(payMicro);
  });

  it("is energy before the programme is published, and an outage is none of that", async () => {
    const failing = (reason: string) => ({
      evaluate: () => Promise.reject(new EvaluateError("tx", new Error(reason))),
    });
    const unknown = failing("chaincode response 500, PROGRAMME_UNKNOWN: none");
    expect(await readIncentive(unknown, "peak")).toEqual({ kind: "energy" });
    await expect(readIncentive(failing("14 UNAVAILABLE"), "peak")).rejects.toThrow(EvaluateError);
  });
});
