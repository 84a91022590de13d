import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openDeviceKey } from "@gridpact/edge";
import { nodeDisk, SeededRandom, type SigningKey, VirtualClock } from "@gridpact/host";
import { readStoredBlocks } from "@gridpact/ledger";
import { encode, enrolmentSigningBytes, rotationSigningBytes } from "@gridpact/proto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { modeOf, temporaryData } from "../../test/temporary-data.ts";
import { consortiumMembers, makeConsortium, validityFor } from "../consortium/consortium.ts";
import { writeConsortium } from "../consortium/consortium-files.ts";
import { membersOf } from "../parts/members.ts";
import { SimulatedLedger } from "../simulate/simulated-ledger.ts";
import { VN_IDS } from "../wiring/market.ts";
import { agreeSupply } from "./agree-supply.ts";
import { readAgreementFile } from "./agreement-file.ts";
import { checkOpening } from "./channel-supply.ts";
import { describeAgreed, describeAgreement, describeSigned, describeVerdict } from "./describe-supply.ts";
import { type ShowSupplyOptions, showSupply } from "./show-supply.ts";
import { deviceKeysOf, type SupplyWishes, signSupply } from "./sign-supply.ts";

const NOW_UNIX_MS = Date.UTC(2016, 0, 28, 8);
const SECOND_MS = 1_000;
const DEVICE = "d-home-h01";
const NEIGHBOUR = "d-home-h02";
const WISHES: SupplyWishes = {
  tariff: { importMicroPerWh: 300n, exportMicroPerWh: 80n },
  nominatedWhPerIntervalMax: 1_500n,
  contact: "by letter, not by telephone",
};

const data = temporaryData({ beforeEach, afterEach });

let clock: VirtualClock;
let random: SeededRandom;
let ledger: SimulatedLedger;

/** The embedded ledger with the district's node and two of its devices, whose keys are where FEIDs keep them. */
beforeEach(async () => {
  clock = new VirtualClock(NOW_UNIX_MS);
  random = new SeededRandom("supply");
  const modules = { random, clock, validity: validityFor([clock]) };
  const consortium = makeConsortium(consortiumMembers(VN_IDS, []), modules);
  writeConsortium(data(), consortium);
  ledger = new SimulatedLedger(consortium, random.fork("ledger"), clock);
  await ledger.start();
  for (const vnId of VN_IDS) {
    await during(execute("aggregator", "registry:RegisterVirtualNode", { vnId, mspId: "VnMSP" }));
  }
  for (const deviceId of [DEVICE, NEIGHBOUR]) await enrol(deviceId);
});

const connect = async (member: string) => ledger.clientOf(member, clock);
const at = (name: string) => join(data().root, name);
const show = (options: Partial<ShowSupplyOptions> = {}) =>
  during(showSupply({ deviceId: DEVICE, ...options }, connect));
const agree = (path: string) => during(agreeSupply(path, connect));
const check = async (path: string) => checkOpening(await connect("dso"), readAgreementFile(path));
const height = async () => (await (await connect("auditor")).chainInfo()).height;

/** The value, while the clock goes on as long as it takes. */
async function during<T>(work: Promise<T>): Promise<T> {
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  work.then(end, end);
  while (!isOver) await clock.advanceTo(clock.nowUnixMs() + SECOND_MS);
  return work;
}

async function execute(member: string, transaction: string, argument: Record<string, string | number>) {
  return (await connect(member)).execute(transaction, argument);
}

async function enrol(deviceId: string): Promise<void> {
  const key = await openDeviceKey(nodeDisk(data().at("feids", deviceId)), random);
  const argument = { ...keyFields(deviceId, key), vnId: "district", mspId: "VnMSP" };
  await during(execute("vn-district", "registry:EnrolDevice", argument));
}

/** A device's key, and its request in which it proves that it has it. */
function keyFields(deviceId: string, key: SigningKey) {
  const publicKey = Buffer.from(key.publicKey);
  const request = { deviceId, publicKey, token: "token" };
  const proofOfPossession = key.sign(enrolmentSigningBytes(request));
  const enrolment = encode("EnrolmentRequest", { ...request, proofOfPossession, resources: [] });
  const enrolmentRequestHex = Buffer.from(enrolment).toString("hex");
  return { deviceId, publicKeyHex: publicKey.toString("hex"), enrolmentRequestHex };
}

function sign(name: string, { deviceId = DEVICE, keyOf = deviceKeysOf(data().root), ...wishes }: SignOptions = {}) {
  return signSupply({ deviceId, path: at(name), wishes: { ...WISHES, ...wishes } }, { connect, random, keyOf });
}

type SignOptions = Partial<SupplyWishes> & { deviceId?: string; keyOf?: (deviceId: string) => Promise<SigningKey> };

/** The agreement of a file with one text in the place of another, in a file of its own. */
function changed(name: string, [from, to]: [string, string]): string {
  const text = readFileSync(at(name), "utf8");
  expect(text).toContain(from);
  writeFileSync(at(`${name}-changed`), text.replace(from, to));
  return at(`${name}-changed`);
}

describe("gridpact supply", () => {
  it("signs for the prosumer, agrees for the node, shows it to its sides, checks what is opened", async () => {
    const signed = await sign("first.json");
    expect(modeOf(at("first.json"))).toBe(0o600);
    expect(describeSigned(signed)[0]).toContain(`revision 0 of ${DEVICE} with district, signed by the device`);
    const agreed = await agree(at("first.json"));
    expect(agreed).toMatchObject({ deviceId: DEVICE, revision: 0, hashHex: signed.hashHex });
    expect(describeAgreed(agreed).join("\n")).toContain(signed.hashHex);
    for (const as of [undefined, "vn-district", "auditor"]) {
      expect(await show(as === undefined ? {} : { as })).toEqual([readAgreementFile(at("first.json"))]);
    }
    const verdict = await check(at("first.json"));
    expect(verdict).toMatchObject({ holds: true, reason: null, hashHex: signed.hashHex, keyRevision: 0 });
    expect(describeVerdict(verdict)[0]).toMatch(/^holds: /);
  });

  it("goes on with the next revision by itself, and shows all or one", async () => {
    expect(await show()).toEqual([]);
    await sign("0.json");
    await agree(at("0.json"));
    expect(await sign("1.json", { contact: "by post" })).toMatchObject({ revision: 1 });
    await agree(at("1.json"));
    expect((await show()).map(({ terms }) => terms.contact)).toEqual([WISHES.contact, "by post"]);
    const [newest] = await show({ revision: 1 });
    expect(newest && describeAgreement(newest).join("\n")).toContain("contact    by post");
    await expect(show({ revision: 2 })).rejects.toMatchObject({ contractCode: "SUPPLY_UNKNOWN" });
  });

  it("tells the channel neither contact nor salt", async () => {
    await sign("first.json");
    await agree(at("first.json"));
    const { saltHex } = readAgreementFile(at("first.json")).terms;
    const blocks: Uint8Array[] = [];
    for await (const block of readStoredBlocks({ disk: ledger.disk })) blocks.push(block);
    const bytes = Buffer.concat(blocks);
    expect(bytes.includes("supply:Agree")).toBe(true);
    for (const secret of ["by letter", saltHex]) expect(bytes.includes(secret)).toBe(false);
  });

  it("shows nothing to the aggregator, the DSO and another node", async () => {
    await sign("first.json");
    await agree(at("first.json"));
    const refusals = { aggregator: "ACCESS_DENIED", dso: "ACCESS_DENIED", "vn-offices": "ACCESS_NOT_OWNER" };
    for (const [as, contractCode] of Object.entries(refusals)) {
      await expect(show({ as })).rejects.toMatchObject({ contractCode });
    }
  });
});

describe("an opened agreement", () => {
  beforeEach(async () => {
    await sign("first.json");
    await agree(at("first.json"));
  });

  it("does not hold when a byte of it is another", async () => {
    for (const change of [
      ["by letter", "by Letter"],
      ['"importMicroPerWh":"300"', '"importMicroPerWh":"301"'],
    ] as [string, string][]) {
      const verdict = await check(changed("first.json", change));
      expect(verdict).toMatchObject({ holds: false, reason: expect.stringContaining("SUPPLY_UNKNOWN") });
      expect(describeVerdict(verdict)[0]).toMatch(/^does not hold: .*the channel knows/);
    }
  });

  it("does not hold as a revision, or of a device, that the channel has nothing of", async () => {
    for (const change of [
      ['"revision":0', '"revision":1'],
      [DEVICE, NEIGHBOUR],
      [DEVICE, "nobody"],
    ] as [string, string][]) {
      const verdict = await check(changed("first.json", change));
      expect(verdict).toMatchObject({ holds: false, reason: expect.stringContaining("the channel knows no revision") });
    }
  });

  it("holds by the key that its device had then", async () => {
    const old = await deviceKeysOf(data().root)(DEVICE);
    await rotate(old);
    expect(await check(at("first.json"))).toMatchObject({ holds: true, keyRevision: 0 });
    await expect(sign("second.json")).rejects.toThrow("by another key than the one that is kept here");
  });
});

/** The device goes on with another key; the file in its folder stays the old one. */
async function rotate(old: SigningKey): Promise<void> {
  const next = await openDeviceKey(nodeDisk(data().at("next")), random);
  const consent = old.sign(rotationSigningBytes(DEVICE, next.publicKey));
  const argument = { ...keyFields(DEVICE, next), consentSignatureHex: Buffer.from(consent).toString("hex") };
  await during(execute("vn-district", "registry:RotateKey", { ...argument, firstBatchNo: 0 }));
}

describe("what is refused, with nothing written", () => {
  it("is a revision that is taken, and one after a gap", async () => {
    await sign("first.json");
    await agree(at("first.json"));
    await sign("again.json", { revision: 0 });
    await sign("gap.json", { revision: 2 });
    const before = await height();
    await expect(agree(at("again.json"))).rejects.toMatchObject({ contractCode: "SUPPLY_REVISION_TAKEN" });
    await expect(agree(at("gap.json"))).rejects.toMatchObject({ contractCode: "SUPPLY_UNKNOWN" });
    expect(await height()).toBe(before);
    expect(await show()).toEqual([readAgreementFile(at("first.json"))]);
  });

  it("is an agreement in another device's name, of another node, and of nobody", async () => {
    await sign("first.json");
    const before = await height();
    await expect(agree(changed("first.json", [DEVICE, NEIGHBOUR]))).rejects.toThrow("SUPPLY_CONSENT_UNPROVEN");
    await expect(agree(changed("first.json", [DEVICE, "nobody"]))).rejects.toMatchObject({
      contractCode: "REGISTRY_DEVICE_UNKNOWN",
    });
    const elsewhere = changed("first.json", ['"vnId":"district"', '"vnId":"offices"']);
    await expect(agree(elsewhere)).rejects.toThrow("SUPPLY_CONSENT_UNPROVEN");
    expect(await height()).toBe(before);
  });

  it("is a node's own word in the place of the device's", async () => {
    const neighbours = await deviceKeysOf(data().root)(NEIGHBOUR);
    await expect(sign("first.json", { keyOf: async () => neighbours })).rejects.toThrow("by another key");
    expect(() => readFileSync(at("first.json"))).toThrow("ENOENT");
  });

  it("is to sign where the device's key is not, or what is no device", async () => {
    await expect(sign("x.json", { deviceId: "d-home-h03" })).rejects.toThrow(/feids\/d-home-h03 has no key of/);
    await expect(sign("x.json", { deviceId: "../d-home-h01" })).rejects.toThrow("is no device id");
    expect(() => readFileSync(at("x.json"))).toThrow("ENOENT");
  });

  it("is a contact that is too long, and a file that is there already", async () => {
    await expect(sign("x.json", { contact: "x".repeat(201) })).rejects.toThrow("at most 200 characters");
    expect(() => readFileSync(at("x.json"))).toThrow("ENOENT");
    writeFileSync(at("x.json"), "kept");
    await expect(sign("x.json")).rejects.toMatchObject({ code: "INPUT", message: expect.stringContaining("EEXIST") });
    expect(readFileSync(at("x.json"), "utf8")).toBe("kept");
  });

  it.each([
    ["no JSON", "no JSON"],
    ["null", "must be an object"],
    ['{"terms":{},"signatureHex":"00"}', "$.terms.vnId"],
  ])("is a file that holds %s", async (text, fault) => {
    writeFileSync(at("x.json"), text);
    const refusal = { code: "INPUT", message: expect.stringContaining(fault) };
    await expect(agree(at("x.json"))).rejects.toMatchObject(refusal);
    await expect(agree(at("missing.json"))).rejects.toMatchObject({ code: "INPUT" });
  });

  it("is to ask as somebody whose key is not in the data directory", async () => {
    await expect(membersOf(data().root)("nobody")).rejects.toThrow("has no key of nobody");
  });
});
