import { describe, expect, it } from "vitest";
import { SqliteDocumentStore } from "../src/storage/index.ts";
import { MAX_OUTBOX } from "../src/vtn20b/outbox.ts";
import type { OadrMessage } from "../src/wire20b/index.ts";
import { codeOf, MINUTE, registered, simpleEvent } from "./conversation.ts";
import { createLaboratory } from "./laboratory.ts";

describe("bounds and identity", () => {
  it("a VEN that never answers does not fill the outbox", async () => {
    const { laboratory, venId } = await registered();
    for (let count = 0; count < MAX_OUTBOX; count += 1) laboratory.vtn.requestReregistration(venId);
    expect(() => laboratory.vtn.requestReregistration(venId)).toThrow("wait");
  });

  it("a certificate stands for one venID only", () => {
    const { vtn } = createLaboratory({ isEnrolmentRequired: true });
    const [mine, other] = [vtn.enrol("00112233445566778899"), vtn.enrol("99:88:77:66:55:44:33:22:11:00", "VEN-O")];
    expect(() => vtn.enrol("00")).toThrow("ten bytes");
    const register: OadrMessage = {
      type: "oadrCreatePartyRegistration",
      requestID: "R",
      oadrProfileName: "2.0b",
      oadrTransportName: "simpleHttp",
      oadrReportOnly: false,
      oadrXmlSignature: true,
    };
    const stranger = { fingerprint: "AA:AA:AA:AA:AA:AA:AA:AA:AA:AA" as typeof mine.fingerprint };
    expect(codeOf(vtn.answer("EiRegisterParty", register, stranger))).toBe("463");
    expect(codeOf(vtn.answer("EiRegisterParty", register, { fingerprint: undefined }))).toBe("463");
    const first = vtn.answer("EiRegisterParty", register, mine);
    const second = vtn.answer("EiRegisterParty", register, other);
    if (!first.ok || first.message?.type !== "oadrCreatedPartyRegistration") throw new Error("refused");
    expect(second).toMatchObject({ ok: true, message: { venID: "VEN-O" } });
    const venID = first.message.venID ?? "";
    expect(codeOf(vtn.answer("OadrPoll", { type: "oadrPoll", venID }, mine))).toBe("");
    expect(vtn.answer("OadrPoll", { type: "oadrPoll", venID }, other)).toEqual({ ok: false, fault: "foreign-ven-id" });
    expect(vtn.answer("OadrPoll", { type: "oadrPoll", venID }, stranger)).toEqual({ ok: false, fault: "not-enrolled" });
    expect(codeOf(vtn.answer("EiRegisterParty", { ...register, venID: "VEN-O" }, mine))).toBe("452");
  });

  it("the same seed gives the same conversation", async () => {
    const run = async () => {
      const { laboratory, ven, venId } = await registered();
      laboratory.vtn.createEvent(simpleEvent([venId], { startafter: "PT5M" }));
      await ven.poll();
      laboratory.clock.advance(MINUTE);
      await ven.sendDueReports();
      return JSON.stringify(laboratory.exchanges);
    };
    expect(await run()).toBe(await run());
  });

  it("a store in a file is enough to go on after a crash", async () => {
    const store = new SqliteDocumentStore(":memory:");
    const laboratory = createLaboratory();
    const { ven } = laboratory.addVen({}, store);
    const { venId } = await ven.register();
    expect(laboratory.addVen({}, store).ven.registration?.venId).toBe(venId);
  });
});
