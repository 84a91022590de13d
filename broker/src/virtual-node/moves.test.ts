import { describe, expect, it } from "vitest";
import { settled } from "../../test/engine-log.ts";
import { boundary, MeteringDevice } from "../../test/metering-device.ts";
import { NodeSimulation } from "../../test/node-simulation.ts";

describe("devices that move", () => {
  it("go to another node by their own signature, where their chain goes on", async () => {
    const [from, to] = [new NodeSimulation("from"), new NodeSimulation("to", undefined, "offices")];
    for (const simulation of [from, to]) await simulation.start();
    const device = new MeteringDevice("meter-1", 1);
    await from.enrol(device);
    await settled();
    await from.node.accept("meter-1", "reading", device.envelope(boundary(0)));
    const release = { toVnId: "offices", consentSignatureHex: "ab".repeat(64) };
    await from.node.moves.release("meter-1", release);
    await settled();
    expect(from.outbox.argumentsOf("registry:ReleaseDevice")).toEqual([{ deviceId: "meter-1", ...release }]);
    await to.enrol(device);
    await settled();
    const { requestHex, publicKeyHex } = to.node.devices()[0] ?? {};
    const enrolment = { deviceId: "meter-1", vnId: "offices", mspId: "VnMSP", publicKeyHex };
    expect(to.outbox.argumentsOf("registry:EnrolDevice")).toEqual([{ ...enrolment, enrolmentRequestHex: requestHex }]);
    await to.clock.advanceTo(boundary(1));
    await to.node.accept("meter-1", "reading", device.envelope(boundary(1)));
    expect(to.node.counts().ingest).toMatchObject({ received: 1, accepted: 1 });
    expect(to.node.callableDevices().map(({ deviceId }) => deviceId)).toEqual(["meter-1"]);
    for (const restart of [false, true]) {
      if (restart) await from.crash();
      const { node } = from;
      expect([node.deviceKey("meter-1"), node.callableDevices()]).toEqual([undefined, []]);
      expect(await node.enrol(device.enrolmentRequest("any"))).toEqual({ isEnrolled: false, reason: "released" });
      expect(from.outbox.argumentsOf("registry:ReleaseDevice")).toHaveLength(1);
    }
  });

  it("stay while something is settled with them, keep what they could not send, and are taken back", async () => {
    const simulation = new NodeSimulation("held");
    await simulation.start();
    const device = new MeteringDevice("meter-1", 1);
    await simulation.enrol(device);
    await settled();
    const release = { toVnId: "offices", consentSignatureHex: "cd".repeat(64) };
    const { node } = simulation;
    let business: string | undefined = "contract peak.1 is in force";
    node.moves.hold(() => business);
    await expect(node.moves.release("meter-1", release)).rejects.toMatchObject({
      code: "DEVICE_HAS_CONTRACTS",
      message: "meter-1 cannot go yet: contract peak.1 is in force",
    });
    await expect(node.moves.takeBack("meter-1")).rejects.toMatchObject({ code: "DEVICE_NOT_RELEASED" });
    await expect(node.moves.release("meter-2", release)).rejects.toMatchObject({ code: "DEVICE_NOT_MEMBER" });
    business = undefined;
    await node.moves.release("meter-1", release);
    await node.moves.release("meter-1", release);
    const other = { ...release, toVnId: "farm", consentSignatureHex: "ef".repeat(64) };
    await expect(node.moves.release("meter-1", other)).rejects.toMatchObject({ code: "DEVICE_NOT_MEMBER" });
    await settled();
    const envelope = device.envelope(boundary(0));
    await expect(node.accept("meter-1", "reading", envelope)).rejects.toMatchObject({ code: "INGEST_DEVICE_LEAVING" });
    await simulation.crash();
    await expect(simulation.node.accept("meter-1", "reading", envelope)).rejects.toThrow("on its way");
    await simulation.node.moves.takeBack("meter-1");
    await settled();
    await simulation.node.accept("meter-1", "reading", envelope);
    expect(simulation.node.counts().ingest).toMatchObject({ received: 1, accepted: 1 });
    expect(simulation.node.callableDevices()).toHaveLength(1);
  });

  it("are refused for good once the other node has them, and may come again by a new token", async () => {
    const simulation = new NodeSimulation("gone");
    await simulation.start();
    const device = new MeteringDevice("meter-1", 1);
    await simulation.enrol(device);
    await settled();
    await simulation.node.accept("meter-1", "reading", device.envelope(boundary(0)));
    await expect(simulation.node.moves.noteArrival("meter-1")).rejects.toMatchObject({ code: "DEVICE_NOT_RELEASED" });
    await simulation.node.moves.release("meter-1", { toVnId: "offices", consentSignatureHex: "cd".repeat(64) });
    await simulation.node.moves.noteArrival("meter-1");
    await simulation.node.moves.noteArrival("meter-1");
    device.envelope(boundary(1));
    const later = device.envelope(boundary(2));
    for (const restart of [false, true]) {
      if (restart) await simulation.crash();
      await simulation.node.accept("meter-1", "reading", later);
      expect(simulation.node.counts().ingest.rejected).toEqual({ unknown_device: 1 });
    }
    await simulation.enrol(device);
    await simulation.clock.advanceTo(boundary(2));
    await simulation.node.accept("meter-1", "reading", later);
    expect(simulation.node.counts().ingest.accepted).toBe(1);
    await settled();
    const keys = simulation.outbox.acts.map(({ key }) => key).filter((key) => key.startsWith("enrol/"));
    expect(keys).toEqual(["enrol/meter-1", "enrol/meter-1/1"]);
  });
});
