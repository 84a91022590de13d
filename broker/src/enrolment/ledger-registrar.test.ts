import { silentLog } from "@gridpact/host";
import { describe, expect, it } from "vitest";
import { settled } from "../../test/engine-log.ts";
import { openEnrolment } from "../../test/enrolment-bench.ts";
import { MeteringDevice } from "../../test/metering-device.ts";
import { TestOutbox } from "../../test/test-outbox.ts";
import { LedgerRegistrar } from "./ledger-registrar.ts";

describe("LedgerRegistrar", () => {
  async function registrar() {
    const parts = await openEnrolment();
    for (const [index, deviceId] of ["meter-1", "meter-2"].entries()) {
      const device = new MeteringDevice(deviceId, index + 1);
      await parts.enrolment.enrol(device.enrolmentRequest(await parts.token(deviceId)));
    }
    const outbox = new TestOutbox();
    const gone: string[] = [];
    const onGone = (deviceId: string) => gone.push(deviceId);
    const modules = { registry: parts.registry, outbox, log: silentLog, onGone };
    const task = new LedgerRegistrar({ vnId: "district", mspId: "VnMSP" }, modules).task();
    const states = () => parts.registry.all().map(({ registration }) => registration);
    const run = async () => {
      task.wake();
      await task.idle();
    };
    return { outbox, task, states, run, gone, registry: parts.registry };
  }

  const release = { toVnId: "offices", consentSignatureHex: "ab".repeat(64) };
  const released = { ...release, isOnLedger: false, isReclaimed: false, isGone: false };

  it("brings every device onto the ledger once", async () => {
    const { outbox, task, states } = await registrar();
    for (let run = 0; run < 2; run++) {
      task.wake();
      await task.idle();
    }
    expect(states()).toEqual(["registered", "registered"]);
    expect(outbox.acts.map(({ key }) => key)).toEqual(["enrol/meter-1", "enrol/meter-2"]);
  });

  it("tries again what failed, and also while the ledger does not know this node", async () => {
    const { outbox, task, states } = await registrar();
    for (const failure of [new Error("no ledger"), { contractCode: "REGISTRY_VN_UNKNOWN" }]) {
      outbox.failure = failure;
      task.wake();
      await task.idle();
      expect(states()).toEqual(["pending", "pending"]);
    }
    outbox.failure = undefined;
    task.wake();
    await task.idle();
    expect(states()).toEqual(["registered", "registered"]);
  });

  it("revokes although an enrolment fails", async () => {
    const { outbox, task, registry } = await registrar();
    outbox.failure = new Error("stuck");
    outbox.failingPrefix = "enrol/meter-2";
    task.wake();
    await task.idle();
    await registry.change("meter-1", { revocation: { reason: "stolen", isOnLedger: false } });
    task.wake();
    await task.idle();
    expect(outbox.acts.map(({ key }) => key)).toEqual(["enrol/meter-1", "revoke/meter-1"]);
    expect(registry.find("meter-1")?.revocation).toEqual({ reason: "stolen", isOnLedger: true });
    expect(task.failures()).toBe(2);
  });

  it("keeps a device whose release the contract refuses, and not one that is released already", async () => {
    for (const [contractCode, kept] of [
      ["REGISTRY_RELEASE_REFUSED", null],
      ["REGISTRY_DEVICE_RELEASED", { ...released, isOnLedger: true }],
    ] as const) {
      const { outbox, run, registry } = await registrar();
      await run();
      await registry.change("meter-1", { release: released });
      outbox.failure = { contractCode };
      await run();
      expect(registry.find("meter-1")?.release).toEqual(kept);
    }
  });

  it.each([
    ["takes a device back once it is released on the ledger", undefined, ["registry:EnrolDevice"], undefined, []],
    ["learns that the other node was first", { contractCode: "REGISTRY_DEVICE_EXISTS" }, [], true, ["meter-1"]],
  ])("%s", async (_, failure, takenBack, isGone, expectedGone) => {
    const { outbox, run, registry, gone } = await registrar();
    await run();
    await registry.change("meter-1", { release: { ...released, isReclaimed: true } });
    outbox.failure = failure;
    outbox.failingPrefix = "take-back/";
    await run();
    await run();
    const acts = outbox.acts.slice(2).map(({ transaction }) => transaction);
    expect(acts).toEqual(["registry:ReleaseDevice", ...takenBack]);
    expect(registry.find("meter-1")?.release?.isGone).toBe(isGone);
    expect(gone).toEqual(expectedGone);
  });

  it("tries again to take a device back while the ledger is away", async () => {
    const { outbox, run, registry, task } = await registrar();
    await run();
    await registry.change("meter-1", { release: { ...released, isOnLedger: true, isReclaimed: true } });
    outbox.failure = new Error("no ledger");
    await run();
    expect([registry.find("meter-1")?.release?.isGone, task.failures()]).toEqual([false, 1]);
    outbox.failure = undefined;
    await run();
    expect(registry.find("meter-1")?.release).toBeNull();
  });

  it("does not insist when the contract refuses", async () => {
    const { outbox, task, states } = await registrar();
    outbox.failure = { contractCode: "REGISTRY_KEY_IN_USE" };
    task.wake();
    await task.idle();
    await settled();
    expect(states()).toEqual(["refused", "refused"]);
    expect(task.failures()).toBe(0);
  });
});
