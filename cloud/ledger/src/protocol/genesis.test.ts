import { SeededRandom, VirtualClock } from "@gridpact/host";
import { expect, test } from "vitest";
import { testNetwork } from "../../test/network.ts";
import { MalformedMessageError } from "../wire/index.ts";
import { buildConfig, buildGenesisEnvelope, readGenesisEnvelope } from "./genesis.ts";

function consortium() {
  const random = new SeededRandom("genesis");
  return testNetwork({ random, clock: new VirtualClock(Date.UTC(2016, 0, 28)) }).consortium;
}

test("whoever has block 0 knows the consortium", () => {
  const expected = consortium();
  const read = readGenesisEnvelope(buildGenesisEnvelope(expected, 0)).consortium;
  expect(read).toMatchObject({ channelName: "gridpact", endorsingOrganisationsMin: 2, orderers: expected.orderers });
  const byId = (left: { mspId: string }, right: { mspId: string }) => (left.mspId < right.mspId ? -1 : 1);
  expect([...read.organisations].sort(byId)).toEqual([...expected.organisations].sort(byId));
});

test("another consortium has another configuration, another moment the same", () => {
  const one = consortium();
  const other = { ...one, endorsingOrganisationsMin: 3 };
  expect(buildConfig(one)).not.toEqual(buildConfig(other));
  const [early, late] = [0, 1_000].map((atUnixMs) => readGenesisEnvelope(buildGenesisEnvelope(one, atUnixMs)));
  expect(early?.configBytes).toEqual(late?.configBytes);
});

test("refuses envelopes that configure nothing", () => {
  expect(() => readGenesisEnvelope(new Uint8Array())).toThrow(MalformedMessageError);
  expect(() => readGenesisEnvelope(Uint8Array.of(1))).toThrow(MalformedMessageError);
});
