import { describe, expect, it } from "vitest";
import { netImportWh } from "./registers.ts";
import { InvalidTermsError } from "./settlement-error.ts";

const registers = (importWh: bigint, exportWh = 0n) => ({ importWh, exportWh });

describe("netImportWh", () => {
  it("is import minus export between two boundaries, negative for net export", () => {
    expect(netImportWh([registers(100n, 7n), registers(150n, 7n), registers(150n, 37n)])).toEqual([50n, -30n]);
  });

  it("leaves both intervals beside a missing boundary without evidence", () => {
    expect(netImportWh([registers(0n), registers(10n), null, registers(30n), registers(40n)])).toEqual([
      10n,
      null,
      null,
      10n,
    ]);
  });

  it.each([
    ["import", registers(10n, 10n), registers(9n, 10n)],
    ["export", registers(10n, 10n), registers(10n, 9n)],
  ])("leaves an interval without evidence when the %s register ran backwards", (_, start, end) => {
    expect(netImportWh([start, end])).toEqual([null]);
  });

  it("rejects fewer than two boundaries", () => {
    expect(() => netImportWh([registers(1n)])).toThrow(InvalidTermsError);
  });
});
