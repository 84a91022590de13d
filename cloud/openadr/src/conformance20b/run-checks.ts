import type { MessageOf, OadrMessage } from "../wire20b/index.ts";
import { type Check, codeOf, type Registered } from "./check.ts";
import { type CheckResult, require, runCheck } from "./check-result.ts";
import { CHECKS } from "./checks.ts";
import { Conversation } from "./conversation.ts";
import type { Probe } from "./probe.ts";

/**
 * Runs every check against the VTN behind a probe, in order. Nothing is assumed about the VTN but its profile; the VEN
 * it registers is cancelled at the end. `failed` means that the VTN could not be asked at all.
 */
export async function runConformance(probe: Probe): Promise<readonly CheckResult[]> {
  const conversation = new Conversation(probe);
  let registered: Registered | undefined;
  const results = [
    await runCheck("register", "A party that may register is registered", async () => {
      registered = await register(conversation);
    }),
  ];
  if (registered === undefined) return results;
  for (const check of CHECKS) results.push(await runOne(check, registered));
  return results;
}

function runOne({ id, rule, run }: Check, registered: Registered): Promise<CheckResult> {
  return runCheck(id, rule, () => run(registered));
}

async function register(conversation: Conversation): Promise<Registered> {
  const send = (known: Parameters<Registered["register"]>[0], requestID = conversation.newId()) =>
    conversation.expect("EiRegisterParty", registration(requestID, known), "oadrCreatedPartyRegistration");
  const requestId = conversation.newId();
  const answer = await send({}, requestId);
  require(codeOf(answer) === "200", `the registration was refused by ${codeOf(answer)}`);
  const { venID, registrationID } = answer;
  require(venID !== undefined && registrationID !== undefined, "an identifier is missing");
  return {
    conversation,
    venId: venID,
    requestId,
    answer,
    registrationId: registrationID,
    reportRequestIds: [],
    register: (known): Promise<MessageOf<"oadrCreatedPartyRegistration">> => send(known),
  };
}

function registration(requestID: string, known: { venID?: string; registrationID?: string }): OadrMessage {
  return {
    type: "oadrCreatePartyRegistration",
    requestID,
    ...known,
    oadrProfileName: "2.0b",
    oadrTransportName: "simpleHttp",
    oadrReportOnly: false,
    oadrXmlSignature: false,
    oadrVenName: "conformance",
    oadrHttpPullModel: true,
  };
}
