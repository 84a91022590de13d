import { afterEach, beforeEach, expect, test } from "vitest";
import { temporaryData } from "../../test/temporary-data.ts";
import { writeRunFile } from "../process/run-file.ts";
import { awaitLedger } from "./fabric-ledger.ts";

const data = temporaryData({ beforeEach, afterEach });

test("a member asks at its own organisation's gateway, and at anyone's when that has none", async () => {
  writeRunFile(data(), "ledger-VnMSP", { gateway: 2 }, "peer-vn");
  writeRunFile(data(), "ledger", { gateway: 1 }, "peer-aggregator");
  expect(await awaitLedger(data(), "VnMSP")).toMatchObject({ host: "peer-vn", ports: { gateway: 2 } });
  expect(await awaitLedger(data(), "DsoMSP")).toMatchObject({ host: "peer-aggregator", ports: { gateway: 1 } });
  expect(await awaitLedger(data(), "DsoMSP")).toMatchObject({ isNetwork: true });
});

test("a ledger without gateways of organisations is no network", async () => {
  writeRunFile(data(), "ledger", { gateway: 1 }, "127.0.0.1");
  expect(await awaitLedger(data(), "VnMSP")).toMatchObject({ isNetwork: false, ports: { gateway: 1 } });
});
