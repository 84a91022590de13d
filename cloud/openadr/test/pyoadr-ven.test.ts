import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { startVtn } from "./network.ts";
import { PeerProcess } from "./peer-process.ts";
import { findPeer, PYOADR_VEN } from "./python-peer.ts";
import { skip } from "./skip.ts";

describe("a pyoadr-ven VEN with our VTN", { timeout: 240_000 }, () => {
  it("registers, offers its report and polls", async (context) => {
    const found = await findPeer(PYOADR_VEN);
    if ("missing" in found) return skip(context, found.missing);
    const { vtn, server, url, faults } = await startVtn(undefined, false, () => undefined);
    const script = join(import.meta.dirname, "peers", "pyoadr-ven.py");
    const peer = new PeerProcess(found.python, script, new URL(url).origin, "", "VTN");
    const { registered, vtn: vtnId } = await peer.says((line) => line["registered"] !== undefined);
    const venId = String(registered);
    expect(vtnId).toBe("VTN");
    expect(vtn.state.vens.get(venId)).toMatchObject({ venName: "pyoadr" });
    expect(await peer.says((line) => line["ticked"] !== undefined || line["complaint"] !== undefined)).toEqual({
      ticked: true,
    });
    // What it was told by its poll; it does not answer that.
    expect(vtn.state.outbox.under(venId)).toMatchObject([{ sentAtUnixMs: expect.any(Number) }]);
    expect(vtn.state.offers.under(venId)).toMatchObject([{ report: { reportName: "METADATA_TELEMETRY_USAGE" } }]);
    await peer.stop();
    await server.close();
    expect(faults).toEqual([]);
  });
});
