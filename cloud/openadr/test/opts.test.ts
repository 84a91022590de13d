import { describe, expect, it } from "vitest";
import { targetOf } from "../src/wire20b/index.ts";
import { registered, simpleEvent } from "./conversation.ts";
import { START } from "./laboratory.ts";

describe("opts", () => {
  const schedule = {
    optID: "OPT",
    optType: "optOut",
    optReason: "x-schedule",
    vavailability: { available: [{ properties: { dtstartUnixMs: START, duration: "PT1H" } }] },
    eiTarget: targetOf({}),
  } as const;

  it("are created and cancelled", async () => {
    const { laboratory, ven, venId } = await registered();
    expect(await ven.createOpt(schedule)).toMatchObject({ responseCode: "200" });
    expect(laboratory.vtn.state.opts.get(venId, "OPT")).toMatchObject({ optType: "optOut" });
    expect(await ven.cancelOpt("OPT")).toMatchObject({ responseCode: "200" });
    expect(await ven.cancelOpt("OPT")).toMatchObject({ responseCode: "452" });
  });

  it("about an event change its answer", async () => {
    const { laboratory, ven, venId } = await registered();
    const { eventId } = laboratory.vtn.createEvent(simpleEvent([venId]));
    await ven.poll();
    const { vavailability, ...opt } = schedule;
    expect(await ven.createOpt(opt)).toMatchObject({ responseCode: "459" });
    expect(await ven.createOpt({ ...opt, qualifiedEventID: { eventID: "X", modificationNumber: 0 } })).toMatchObject({
      responseCode: "452",
    });
    await ven.createOpt({ ...opt, qualifiedEventID: { eventID: eventId, modificationNumber: 0 } });
    expect(laboratory.vtn.state.deliveryOf(venId, eventId)).toMatchObject({ answer: { optType: "optOut" } });
    expect(vavailability.available).toHaveLength(1);
  });
});
