import { describe, expect, it } from "vitest";
import { parseFingerprint } from "../src/signature/index.ts";
import type { OadrMessage } from "../src/wire20b/index.ts";
import { codeOf, registered, requests, simpleEvent } from "./conversation.ts";
import { createLaboratory } from "./laboratory.ts";

describe("registration", () => {
  it("gives a VEN its identifiers, takes its reports and asks for telemetry", async () => {
    const laboratory = createLaboratory();
    const { ven } = laboratory.addVen();
    await ven.register();
    await ven.poll();
    expect(requests(laboratory)).toEqual([
      "oadrQueryRegistration",
      "oadrCreatePartyRegistration",
      "oadrRegisterReport",
      "oadrCreatedReport",
      "oadrRequestEvent",
      "oadrPoll",
      "oadrRegisteredReport",
      "oadrPoll",
    ]);
    expect(ven.registration).toMatchObject({ vtnId: "VTN", pollFrequency: "PT10S" });
    expect(laboratory.vtn.state.reportRequests.under()).toMatchObject([{ state: "created" }]);
  });

  it("keeps the venID when the VEN starts again, also with another registration", async () => {
    const { laboratory, venId, store } = await registered();
    const again = laboratory.addVen({}, store).ven;
    expect((await again.register()).venId).toBe(venId);
    await again.cancelRegistration();
    expect(again.isRegistered).toBe(false);
    expect((await again.register()).venId).toBe(venId);
    expect(laboratory.vtn.state.vens.under()).toHaveLength(1);
  });

  it("is refused with an unknown venID or a wrong registrationID", async () => {
    const { laboratory, venId } = await registered();
    await expect(laboratory.addVen({ venId: "nobody" }).ven.register()).rejects.toThrow("452");
    await expect(laboratory.addVen({ venId }).ven.register()).rejects.toThrow("452");
  });

  it("of profile 2.0a or over XMPP is refused", () => {
    const { vtn } = createLaboratory();
    const request = {
      type: "oadrCreatePartyRegistration",
      requestID: "R",
      oadrProfileName: "2.0b",
      oadrTransportName: "simpleHttp",
      oadrReportOnly: false,
      oadrXmlSignature: false,
    } as const;
    const answer = (change: object) =>
      codeOf(vtn.answer("EiRegisterParty", { ...request, ...change } as OadrMessage, { fingerprint: undefined }));
    expect(answer({})).toBe("200");
    expect(answer({ oadrProfileName: "2.0a" })).toBe("469");
    expect(answer({ oadrTransportName: "xmpp" })).toBe("469");
    expect(answer({ oadrHttpPullModel: false })).toBe("454");
  });

  it("is cancelled by the VTN, and asked for anew", async () => {
    const { laboratory, ven, venId } = await registered();
    laboratory.vtn.requestReregistration(venId);
    await ven.poll();
    expect(requests(laboratory)).toContain("oadrCreatePartyRegistration");
    laboratory.vtn.cancelRegistration(venId);
    await ven.poll();
    expect(ven.isRegistered).toBe(false);
    expect(laboratory.vtn.state.vens.get(venId)?.registrationId).toBeUndefined();
    await ven.poll();
    expect(ven.isRegistered).toBe(true);
  });

  it("is needed for everything else", () => {
    const { vtn } = createLaboratory();
    const nobody = { fingerprint: undefined };
    const poll = vtn.answer("OadrPoll", { type: "oadrPoll", venID: "X" }, nobody);
    expect(poll).toEqual({ ok: true, message: { type: "oadrRequestReregistration", venID: "X" } });
    const request = { type: "oadrRequestEvent", requestID: "R", venID: "X" } as const;
    expect(codeOf(vtn.answer("EiEvent", request, nobody))).toBe("463");
    expect(codeOf(vtn.answer("EiOpt", request, nobody))).toBe("459");
    expect(codeOf(vtn.answer("EiEvent", { type: "oadrQueryRegistration", requestID: "R" }, nobody))).toBe("459");
  });

  it("is not needed to be sent events later, where the venID was agreed on", async () => {
    const { vtn } = createLaboratory();
    vtn.enrol("00:11:22:33:44:55:66:77:88:99", "VEN-7");
    const { eventId } = vtn.createEvent(simpleEvent(["VEN-7"]));
    const peer = { fingerprint: parseFingerprint("00112233445566778899") };
    const request = { type: "oadrCreatePartyRegistration", requestID: "R", oadrProfileName: "2.0b" } as const;
    const rest = { oadrTransportName: "simpleHttp", oadrReportOnly: false, oadrXmlSignature: false } as const;
    vtn.answer("EiRegisterParty", { ...request, ...rest, oadrHttpPullModel: true }, peer);
    const reply = vtn.answer("OadrPoll", { type: "oadrPoll", venID: "VEN-7" }, peer);
    expect(JSON.stringify(reply)).toContain(eventId);
    const stranger = { ...request, ...rest, venID: "VEN-7" } as const;
    expect(codeOf(vtn.answer("EiRegisterParty", stranger, { fingerprint: undefined }))).toBe("452");
  });
});
