import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { startVtn } from "./network.ts";
import { PeerProcess } from "./peer-process.ts";
import { findPeer, PYOADR_VEN } from "./python-peer.ts";
import { skip } from "./skip.ts";

describe("a pyoadr-ven VEN with our VTN", { timeout: 240_000 }, () => {
  it("registers, offers its report, and takes an event", async (context) => {
    const found = await findPeer(PYOADR_VEN);
    if ("missing" in found) return skip(context, found.missing);
    const { vtn, server, url, faults } = await startVtn(undefined);
    const script = join(import.meta.dirname, "peers", "pyoadr-ven.py");
    const peer = new PeerProcess(found.python, script, new URL(url).origin, "", "VTN");
    const { registered } = await peer.says((line) => line["registered"] !== undefined);
    const venId = String(registered);
    expect(vtn.state.vens.get(venId)).toMatchObject({ venName: "pyoadr" });
    const { eventId } = vtn.createEvent({
      venIds: [venId],
      startUnixMs: Date.now() + 600_000,
      duration: "PT5M",
      signals: [{ signalName: "SIMPLE", signalType: "level", intervals: [{ duration: "PT5M", value: 2 }] }],
    });
    console.log(JSON.stringify(await peer.says((line) => line["events"] !== undefined || line["complaint"] !== undefined)));
    try { await peer.says((line) => line["ticked"] !== undefined);} catch (e) { console.log(String(e)); }
    console.log((peer as any).all?.());
    console.log(JSON.stringify(vtn.state.offers.under(venId)), JSON.stringify(vtn.state.deliveryOf(venId, eventId)));
    await peer.stop();
    await server.close();
    expect(faults).toEqual([]);
    expect(vi).toBeDefined();
  });
});
