import { createHash } from "node:crypto";
import { canonicalJson } from "@gridpact/settlement";
import type { CallableDevice, Given } from "../agent-host.ts";
import { type Assignment, type EventDocument, withAssignments } from "../document/index.ts";
import { readSc2 } from "../ledger/index.ts";
import type { ConsentDesk, ConsentState } from "./consent-desk.ts";
import { sc2Terms } from "./sc2-terms.ts";

type ConsentContext = Given<"clock" | "ledger" | "devices"> & { consents: ConsentDesk };

/** Has the devices accept their contracts, all at once; one that declines or does not answer in time lapses. */
export async function obtainConsents(event: EventDocument, context: ConsentContext): Promise<EventDocument> {
  if (event.phase !== "running") return event;
  const offered = event.assignments.filter(({ status }) => status === "offered");
  if (offered.length === 0) return event;
  // First, so that whatever devices have signed since the last tick is one transaction.
  context.consents.handIn();
  const devices = new Map(context.modules.devices().map((device) => [device.deviceId, device]));
  const states = new Map<string, ConsentState>();
  for (const assignment of offered) {
    const device = devices.get(assignment.deviceId);
    states.set(assignment.contractId, await consentOf(event, { assignment, device }, context));
  }
  return withAssignments(event, (assignment) => withConsent(assignment, states.get(assignment.contractId)));
}

async function consentOf(
  event: EventDocument,
  { assignment, device }: { assignment: Assignment; device: CallableDevice | undefined },
  { options, modules, consents }: ConsentContext,
): Promise<ConsentState> {
  const { contractId, deviceId, consentByUnixMs } = assignment;
  if (consents.isUnknown(contractId)) {
    // After a crash only the ledger knows whether the device's consent came through.
    const contract = await readSc2(modules.ledger, contractId);
    if (contract?.state === "accepted") return { status: "accepted" };
    if (modules.clock.nowUnixMs() >= consentByUnixMs) return { status: "declined", reason: "no answer in time" };
  }
  if (device === undefined) return { status: "declined", reason: "the device may not be called any more" };
  const termsText = canonicalJson(sc2Terms(event, assignment, options));
  const termsHashHex = createHash("sha256").update(termsText).digest("hex");
  return consents.request({
    contractId,
    deviceId,
    certificatePem: device.certificatePem,
    argument: { contractId, termsHashHex, termsText },
    isTogether: isOfferedToMany(event, assignment, options.consentsTogetherMin),
    deadlineUnixMs: consentByUnixMs,
  });
}

/** By the size of the whole chunk, which does not change while its consents come in. */
function isOfferedToMany({ assignments }: EventDocument, { chunkNo }: Assignment, devicesMin: number): boolean {
  return assignments.filter((each) => each.chunkNo === chunkNo).length >= devicesMin;
}

function withConsent(assignment: Assignment, state: ConsentState | undefined): Assignment {
  if (state === undefined || state.status === "pending") return assignment;
  return { ...assignment, status: state.status === "accepted" ? "accepted" : "lapsed" };
}
