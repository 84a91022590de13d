import { mkdirSync, writeFileSync } from "node:fs";
import { SEED_BYTES, SeededRandom, signingKeyFromSeed } from "@gridpact/host";
import { issueAuthority, issueCertificate } from "@gridpact/ledger";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { temporaryData } from "../../test/temporary-data.ts";
import { writeConsortium } from "../consortium/consortium-files.ts";
import { asUserError } from "../parts/members.ts";
import { type PlayedDay, playDay } from "../simulate/play-day.ts";
import { agreeSupply } from "../supply/agree-supply.ts";
import { deviceKeysOf, signSupply } from "../supply/sign-supply.ts";
import { describeProsumer } from "./describe-prosumer.ts";
import { deviceIdentity } from "./device-identity.ts";
import { devicesOf } from "./devices-of.ts";
import { type OwnDisputeAct, runOwnDispute } from "./own-dispute.ts";
import { prosumerView } from "./prosumer-view.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const EVENT_END = Date.UTC(2016, 0, 28, 12);
/** A day is played in seconds; on a machine with other work it takes a multiple of that. */
const DAY_TIMEOUT_MS = 600_000;
const DEVICE_IDS = ["d-home-h01", "d-ld04-household", "o-zone-1"];

const data = temporaryData({ beforeEach, afterEach });

let played: PlayedDay;
/** Contracts of two devices, settled a moment ago; the windows for disputes about them are open. */
let own: { deviceId: string; contractId: string };
let others: { deviceId: string; contractId: string };

beforeAll(async () => {
  played = await playDay({ seed: "prosumer", hasFaults: false, deviceIds: DEVICE_IDS, readingPeriodMs: 900_000 });
  const terms = [...played.receipts.values()].map((text) => (JSON.parse(text) as { terms: typeof own }).terms);
  const [first, second] = terms;
  if (first === undefined || second === undefined) throw new Error("two devices have a receipt");
  [own, others] = [first, second];
}, DAY_TIMEOUT_MS);

/** Keys and certificates as the devices themselves keep them, and no other key of anybody. */
beforeEach(async () => {
  for (const { deviceId, disk } of played.world.devices) {
    mkdirSync(data().at("feids", deviceId), { recursive: true });
    for (const name of ["device-key.pem", "membership.json"]) {
      writeFileSync(data().at("feids", deviceId, name), (await disk.read(name)) ?? "");
    }
  }
});

const connect = async (deviceId: string) =>
  played.world.ledger.clientOf(await deviceIdentity(deviceId, data()), played.world.clock);

/** The value, while the world's clock goes on. */
async function during<T>(work: Promise<T>): Promise<T> {
  const { clock } = played.world;
  await Promise.allSettled([work, clock.advanceTo(clock.nowUnixMs() + MINUTE_MS)]);
  return work;
}

async function dispute(act: OwnDisputeAct, about: Partial<typeof own> & { json?: boolean } = {}): Promise<string> {
  let printed = "";
  const write = (text: string) => {
    printed += text;
  };
  await during(runOwnDispute({ ...own, json: false, ...about }, act, { connect, write }));
  return printed;
}

const view = (deviceId: string, contractsMax = 10) => during(prosumerView({ deviceId, contractsMax }, connect));

const keep = (name: string, content: string) => {
  const path = data().at(name);
  writeFileSync(path, content);
  return path;
};

describe("gridpact prosumer show", () => {
  it("shows a device's owner its registration, account, contracts and disputes, by its certificate", async () => {
    const shown = await view(own.deviceId);
    expect(shown.device).toMatchObject({ deviceId: own.deviceId, state: "active" });
    expect(shown.account.balanceMicro).toBeGreaterThan(0n);
    expect(shown.contracts.map(({ contractId }) => contractId)).toContain(own.contractId);
    expect(shown.contracts.every(({ contract }) => contract.terms.deviceId === own.deviceId)).toBe(true);
    expect([shown.agreements, shown.hasMoreContracts]).toEqual([[], false]);
    const text = describeProsumer(shown).join("\n");
    expect(text).toContain(`SC2 ${own.contractId}: completed, holds `);
    expect(text).toContain("no private agreement");
  });

  it("shows its private agreement to it, and nobody else's", async () => {
    const members = async (member: string) => played.world.ledger.clientOf(member, played.world.clock);
    const path = data().at("agreement.json");
    const wishes = {
      tariff: { importMicroPerWh: 300n, exportMicroPerWh: 80n },
      nominatedWhPerIntervalMax: 1_500n,
      contact: "by letter",
    };
    const modules = { connect: members, random: new SeededRandom("salt"), keyOf: deviceKeysOf(data().root) };
    await during(signSupply({ deviceId: own.deviceId, path, wishes }, modules));
    await during(agreeSupply(path, members));
    expect(describeProsumer(await view(own.deviceId)).join("\n")).toContain("contact    by letter");
    expect((await view(others.deviceId)).agreements).toEqual([]);
  });

  it("says when there are more contracts than were asked for", async () => {
    const shown = await view(own.deviceId, 0);
    expect([shown.contracts, shown.hasMoreContracts]).toEqual([[], true]);
    expect(describeProsumer(shown).at(-1)).toContain("--contracts");
  });
});

describe("gridpact prosumer dispute", () => {
  it("opens a dispute in the device's own name, once, and takes its evidence as the contract does", async () => {
    expect(await dispute({ kind: "show" })).toContain("dispute    none");
    const reason = "a reading is missing";
    const opened = await dispute({ kind: "open", reason });
    expect(opened).toContain(`dispute    open, opened by feid:${own.deviceId}: ${reason}`);
    const again = dispute({ kind: "open", reason });
    await expect(again).rejects.toMatchObject({ contractCode: "DISPUTE_EXISTS" });
    const json = JSON.parse(await dispute({ kind: "show" }, { json: true }));
    expect(json).toMatchObject({ kind: "sc2", dispute: { state: "open", openedById: `feid:${own.deviceId}` } });
    const path = keep(
      "receipt.json",
      [...played.receipts.values()].find((text) => text.includes(own.contractId)) ?? "",
    );
    // What the contract was settled by is no better than that.
    const weaker = dispute({ kind: "evidence", path });
    await expect(weaker).rejects.toMatchObject({ contractCode: "DISPUTE_EVIDENCE_WEAKER" });
    expect(describeProsumer(await view(own.deviceId)).join("\n")).toContain(`opened by feid:${own.deviceId}`);
  });

  it("does not take a file that is missing, or no evidence", async () => {
    const refusal = (fault: string) => ({ code: "INPUT", message: expect.stringContaining(fault) });
    await expect(dispute({ kind: "evidence", path: data().at("nowhere") })).rejects.toMatchObject(refusal("ENOENT"));
    const path = keep("note.txt", "no JSON");
    await expect(dispute({ kind: "evidence", path })).rejects.toMatchObject(refusal("holds no evidence"));
  });

  it.each<OwnDisputeAct>([
    { kind: "show" },
    { kind: "open", reason: "out of spite" },
    { kind: "evidence", path: "unread" },
  ])("is nothing to do to another's contract: $kind", async (act) => {
    const { contractId } = others;
    await expect(dispute(act, { contractId })).rejects.toMatchObject({ contractCode: "ACCESS_NOT_OWNER" });
    const seen = JSON.parse(await dispute({ kind: "show" }, { ...others, json: true }));
    expect(seen.dispute).toBeNull();
  });

  it("names a contract that the ledger does not have", async () => {
    const unknown = dispute({ kind: "show" }, { contractId: "story-1:nobody" });
    await expect(unknown).rejects.toMatchObject({
      code: "INPUT",
      message: "the ledger has no contract story-1:nobody",
    });
  });

  it("comes too late when the window is over, whoever owns the contract", { timeout: DAY_TIMEOUT_MS }, async () => {
    const { clock } = played.world;
    while (clock.nowUnixMs() < EVENT_END + 2 * HOUR_MS) await clock.advanceTo(clock.nowUnixMs() + MINUTE_MS);
    const late = dispute({ kind: "open", reason: "I was away" }, others);
    await expect(late).rejects.toMatchObject({ contractCode: "DISPUTE_LATE" });
  });
});

describe("who a prosumer is", () => {
  const identityOf = (deviceId: string) => deviceIdentity(deviceId, data());
  const replaceMembership = (deviceId: string, membership: unknown) =>
    writeFileSync(data().at("feids", deviceId, "membership.json"), JSON.stringify(membership));

  it("is told by key and certificate together", async () => {
    expect(await identityOf(own.deviceId)).toMatchObject({ mspId: "VnMSP" });
    const other = await identityOf(others.deviceId);
    replaceMembership(own.deviceId, { certificatePem: other.certificatePem });
    await expect(identityOf(own.deviceId)).rejects.toThrow("the certificate is of another key");
    replaceMembership(own.deviceId, { certificatePem: "torn" });
    await expect(identityOf(own.deviceId)).rejects.toMatchObject({ code: "INPUT" });
  });

  it("is nobody where a device has no key, has not enrolled, or is none", async () => {
    await expect(identityOf("d-home-h99")).rejects.toThrow(/feids\/d-home-h99 has no key of d-home-h99/);
    mkdirSync(data().at("feids", "d-new"));
    writeFileSync(data().at("feids", "d-new", "device-key.pem"), newKeyPem());
    await expect(identityOf("d-new")).rejects.toThrow("has no certificate of d-new");
    await expect(identityOf("../consortium")).rejects.toThrow("is no device id");
  });

  it("is nobody to the ledger by a certificate of another authority, whatever it says", async () => {
    const { clock } = played.world;
    const random = new SeededRandom("stranger");
    const modules = { random, clock };
    const key = signingKeyFromSeed(random.bytes(SEED_BYTES));
    const authority = issueAuthority({ mspId: "VnMSP", key }, modules);
    const { publicKey } = await deviceKeysOf(data().root)(own.deviceId);
    const attributes = { role: "prosumer", deviceId: own.deviceId, vnId: "district" };
    const request = { authority, commonName: own.deviceId, publicKey, kind: "client", attributes } as const;
    replaceMembership(own.deviceId, { certificatePem: issueCertificate(request, modules) });
    await expect(view(own.deviceId)).rejects.toThrow("ISSUER_NOT_TRUSTED");
  });

  it("needs the consortium's public certificates and a ledger, and no key of a member", async () => {
    expect(() => devicesOf({ data: data().root })).toThrow("there is no such trust file");
    writeConsortium(data(), played.world.consortium);
    await expect(devicesOf({ data: data().root })(own.deviceId)).rejects.toThrow(/no ledger runs on .*--ledger/);
    const ledger = { host: "127.0.0.1", port: 1, isNetwork: true };
    const nowhere = devicesOf({ data: data().root, ledger });
    const { deviceId } = own;
    const unanswered = prosumerView({ deviceId, contractsMax: 1 }, nowhere).catch(asUserError);
    await expect(unanswered).rejects.toThrow(/^LEDGER_EVALUATE: .*"gridpact ledger" starts it$/s);
  });
});

function newKeyPem(): string {
  return signingKeyFromSeed(new Uint8Array(SEED_BYTES).fill(9)).privateKey.export({
    format: "pem",
    type: "pkcs8",
  }) as string;
}
