import { describe, expect, it } from "vitest";
import { type CreateOpt, type EiTarget, scheduledOptType, targetOf } from "../src/wire20b/index.ts";
import { MINUTE, registered, simpleEvent } from "./conversation.ts";
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

  it("decide on the events that come later, until they are cancelled", async () => {
    const { laboratory, ven, venId } = await registered();
    await ven.createOpt(schedule);
    const inside = laboratory.vtn.createEvent(simpleEvent([venId]));
    const outside = laboratory.vtn.createEvent(simpleEvent([venId], { startUnixMs: START + 60 * MINUTE }));
    expect(laboratory.vtn.scheduledOpt(venId, inside)).toBe("optOut");
    expect(laboratory.vtn.scheduledOpt(venId, outside)).toBeUndefined();
    await ven.poll();
    expect(laboratory.vtn.state.deliveryOf(venId, inside.eventId)?.answer?.optType).toBe("optOut");
    expect(laboratory.vtn.state.deliveryOf(venId, outside.eventId)?.answer?.optType).toBe("optIn");
    await ven.cancelOpt("OPT");
    laboratory.vtn.modifyEvent(inside.eventId, { priority: 1 });
    await ven.poll();
    expect(laboratory.vtn.state.deliveryOf(venId, inside.eventId)?.answer?.optType).toBe("optIn");
  });

  it("of the same time: the one made last decides, for its own market only", () => {
    const made = {
      type: "oadrCreateOpt",
      ...schedule,
      venID: "V",
      requestID: "R",
      createdDateTimeUnixMs: START,
    } as const;
    const later = { ...made, optID: "LATER", optType: "optIn", createdDateTimeUnixMs: START + 1 } as const;
    const period = { startUnixMs: START, endUnixMs: START + MINUTE, marketContext: "http://a", target: targetOf({}) };
    expect(scheduledOptType([later, made], period)).toBe("optIn");
    expect(scheduledOptType([{ ...later, marketContext: "http://b" }, made], period)).toBe("optOut");
    expect(scheduledOptType([{ ...later, marketContext: "http://a" }, made], period)).toBe("optIn");
    expect(scheduledOptType([], period)).toBeUndefined();
  });

  it("of a part of a VEN decide on events for that part alone", () => {
    const made = {
      ...schedule,
      venID: "V",
      requestID: "R",
      createdDateTimeUnixMs: START,
      eiTarget: targetOf({ venID: ["V"], resourceID: ["heater", "car"] }),
    };
    const period = { startUnixMs: START, endUnixMs: START + MINUTE, marketContext: "http://a" };
    const on = (opt: CreateOpt, target: Partial<EiTarget>) =>
      scheduledOptType([opt], { ...period, target: targetOf(target) });
    expect(on(made, { venID: ["V"], resourceID: ["car"] })).toBe("optOut");
    expect(on(made, { resourceID: ["car", "pump"] })).toBeUndefined();
    expect(on(made, { resourceID: ["car"], groupID: ["street"] })).toBeUndefined();
    expect(on(made, { venID: ["V"] })).toBeUndefined();
    const whole = { ...made, eiTarget: targetOf({ venID: ["V"] }) };
    expect(on(whole, { resourceID: ["pump"] })).toBe("optOut");
    const devices = { ...whole, oadrDeviceClass: targetOf({ endDeviceAsset: ["Thermostat"] }) };
    expect(on(devices, { endDeviceAsset: ["Thermostat"] })).toBe("optOut");
    expect(on(devices, { endDeviceAsset: ["Water_Heater"] })).toBeUndefined();
  });

  it("for one resource leave the VEN's other events alone", async () => {
    const { laboratory, ven, venId } = await registered();
    await ven.createOpt({ ...schedule, eiTarget: targetOf({ resourceID: ["car"] }) });
    const answerTo = async (target: Partial<EiTarget>) => {
      const { eventId } = laboratory.vtn.createEvent(simpleEvent([venId], { target }));
      await ven.poll();
      return laboratory.vtn.state.deliveryOf(venId, eventId)?.answer?.optType;
    };
    expect(await answerTo({ venID: [venId], resourceID: ["car"] })).toBe("optOut");
    expect(await answerTo({ venID: [venId], resourceID: ["pump"] })).toBe("optIn");
    expect(await answerTo({ venID: [venId] })).toBe("optIn");
  });

  it("without an end reach every later event, and none that ends before they begin", () => {
    const available = [{ properties: { dtstartUnixMs: START, duration: "PT0S" } }];
    const made = {
      ...schedule,
      vavailability: { available },
      venID: "V",
      requestID: "R",
      createdDateTimeUnixMs: START,
    };
    const period = {
      startUnixMs: START + 999 * MINUTE,
      endUnixMs: Number.POSITIVE_INFINITY,
      marketContext: "http://a",
      target: targetOf({}),
    };
    expect(scheduledOptType([made], period)).toBe("optOut");
    expect(scheduledOptType([made], { ...period, startUnixMs: START - 1, endUnixMs: START })).toBeUndefined();
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
    expect(ven.events()).toMatchObject([{ optType: "optOut" }]);
    expect(vavailability.available).toHaveLength(1);
  });
});
