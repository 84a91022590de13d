import { SeededRandom, SimulatedDisk, silentLog, VirtualClock } from "@gridpact/host";
import { type Engine, openTwinEngine } from "@gridpact/native";
import { Arrivals } from "../src/enrolment/arrivals.ts";
import { validityBy } from "../src/enrolment/certificate-validity.ts";
import { DeviceRegistry } from "../src/enrolment/device-registry.ts";
import { Enrolment } from "../src/enrolment/enrolment.ts";
import { issueEnrolmentToken } from "../src/enrolment/enrolment-token.ts";
import { openAuthority } from "../src/enrolment/key-files.ts";
import { MTU_MS, START_UNIX_MS } from "./metering-device.ts";
import { TestOutbox } from "./test-outbox.ts";

/** A node's enrolment with all that stands around it, in memory on a virtual clock; on the same disk it goes on. */
export async function openEnrolment(disk = new SimulatedDisk(new SeededRandom("disk"))) {
  const clock = new VirtualClock(START_UNIX_MS);
  const random = new SeededRandom("enrolment");
  const validity = validityBy(clock);
  const authority = await openAuthority({ mspId: "VnMSP", validity }, { disk, random, clock });
  const registry = await DeviceRegistry.open(disk);
  const engine: Engine = await openTwinEngine({ disk, directory: "wal", mtuMs: MTU_MS });
  const issuing = { authority, validity, random, clock };
  const outbox = new TestOutbox();
  const arrivals = new Arrivals({ vnId: "district", mspId: "VnMSP" }, { outbox, log: silentLog });
  const modules = { ...issuing, disk, log: silentLog, registry, engine, arrivals, onEnrolled: () => undefined };
  const enrolment = new Enrolment("district", modules);
  const token = (deviceId: string) => issueEnrolmentToken({ deviceId, feeder: "feeder-1" }, { disk, random });
  return { ...modules, outbox, enrolment, token };
}
