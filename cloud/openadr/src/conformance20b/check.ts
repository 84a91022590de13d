import type { MessageOf, OadrMessage } from "../wire20b/index.ts";
import type { Conversation } from "./conversation.ts";

/** What the suite's VEN was given, and what later checks need of earlier ones. */
export interface Registered {
  readonly conversation: Conversation;
  readonly venId: string;
  readonly requestId: string;
  readonly answer: MessageOf<"oadrCreatedPartyRegistration">;
  registrationId: string;
  reportRequestIds: readonly string[];
  /** Sends another registration with these identifiers. */
  register(known: {
    readonly venID?: string;
    readonly registrationID?: string;
  }): Promise<MessageOf<"oadrCreatedPartyRegistration">>;
}

/** One rule and how to see from outside whether it holds. */
export interface Check {
  readonly id: string;
  /** The rule of the profile, in our words. */
  readonly rule: string;
  /** Throws `Violation` when the VTN breaks the rule. */
  run(registered: Registered): Promise<void>;
}

/** The response code of an answer, wherever it stands; undefined for a message that has none. */
export function codeOf(message: OadrMessage): string | undefined {
  return "eiResponse" in message ? message.eiResponse?.responseCode : undefined;
}

/** Whether an answer says no by its code; which code is left to the VTN where the profile leaves it. */
export function isRefusal(message: OadrMessage): boolean {
  const code = codeOf(message);
  return code !== undefined && code !== "200";
}
