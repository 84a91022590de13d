import { contracts } from "@gridpact/contracts";
import { expect, test } from "vitest";
import { EndorseError } from "../src/client/index.ts";
import type { MspId } from "../src/identity/index.ts";
import { openHarness } from "./harness.ts";

test("runs the chaincode of the system, with the roles of real certificates", async () => {
  const harness = await openHarness({ chaincodes: [{ name: "gridpact", contracts }], isRunByEachPeer: true });
  const { network, clientOf } = harness;
  const person = (commonName: string, mspId: MspId, attributes: Record<string, string>) =>
    clientOf(network.issue({ mspId, commonName, kind: "client", attributes }));
  const administrator = person("administrator", "AuditorMSP", { role: "administrator" });
  const operator = person("vn", "VnMSP", { role: "vn", vnId: "district" });
  const mint = { accountId: "aggregator", amountMicro: 7_000_000n };
  await expect(operator.execute("accounts:Mint", mint)).rejects.toThrow(EndorseError);
  await expect(operator.execute("accounts:Mint", mint)).rejects.toMatchObject({ contractCode: "ACCESS_DENIED" });
  await administrator.execute("accounts:Mint", mint);
  const account = await administrator.evaluate("accounts:GetAccount", { accountId: "aggregator" });
  expect(account).toMatchObject({ balanceMicro: "7000000" });
  // The account's key has a policy of its own by now, which peers read and find satisfied.
  await administrator.execute("accounts:Mint", { accountId: "aggregator", amountMicro: 1n });
  const again = await administrator.evaluate("accounts:GetAccount", { accountId: "aggregator" });
  expect(again).toMatchObject({ balanceMicro: "7000001" });
});
