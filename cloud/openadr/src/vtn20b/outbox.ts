import type { MessageType, OadrMessage } from "../wire20b/index.ts";
import type { OutboxRecord } from "./records.ts";
import { VtnRefusal } from "./vtn-refusal.ts";
import type { VtnState } from "./vtn-state.ts";

/**
 * Messages from the VTN to one VEN, other than events. Each stays until the VEN has answered it, and is offered again
 * when the answer does not come: a reply to a poll may be lost on its way.
 */

/** A VEN that never answers must not fill the disk; an operator's mistakes are fewer than these. */
export const MAX_OUTBOX = 64;

/** How long a VEN may take to answer what it fetched; peers answer within a second. */
export const RESEND_AFTER_MS = 30_000;

/** Which of the VEN's messages settles which of ours. */
const SETTLED_BY: Partial<Record<MessageType, MessageType>> = {
  oadrRegisterReport: "oadrRegisteredReport",
  oadrCreateReport: "oadrCreatedReport",
  oadrUpdateReport: "oadrUpdatedReport",
  oadrCancelReport: "oadrCanceledReport",
  oadrCancelPartyRegistration: "oadrCanceledPartyRegistration",
  oadrRequestReregistration: "oadrResponse",
};

/** Appends a message. Throws `VtnRefusal` (`outbox-full`) at the bound. */
export function enqueue(state: VtnState, venId: string, message: OadrMessage): void {
  const waiting = state.outbox.under(venId);
  if (waiting.length >= MAX_OUTBOX) throw new VtnRefusal("outbox-full", `${MAX_OUTBOX} messages wait for ${venId}`);
  const sequence = (waiting.at(-1)?.sequence ?? 0) + 1;
  state.outbox.put({ venId, sequence, message, sentAtUnixMs: undefined });
}

/** The next message to hand out, marked as sent; undefined when none is due. */
export function takeDue(state: VtnState, venId: string, nowUnixMs: number): OadrMessage | undefined {
  const due = state.outbox.under(venId).find((record) => isDue(record, nowUnixMs));
  if (due === undefined) return undefined;
  state.outbox.put({ ...due, sentAtUnixMs: nowUnixMs });
  return due.message;
}

/**
 * Removes the oldest sent message that an answer of this type settles, and returns it. With a `requestId` only the
 * message of that request is settled, for answers that a VEN also sends without having been asked through the outbox.
 */
export function settle(
  state: VtnState,
  venId: string,
  answer: MessageType,
  requestId?: string,
): OadrMessage | undefined {
  const isSettled = ({ message, sentAtUnixMs }: OutboxRecord) =>
    sentAtUnixMs !== undefined &&
    SETTLED_BY[message.type] === answer &&
    (requestId === undefined || ("requestID" in message && message.requestID === requestId));
  const settled = state.outbox.under(venId).find(isSettled);
  if (settled !== undefined) state.outbox.delete(settled);
  return settled?.message;
}

/** Forgets what waits for a VEN that is no longer registered: it belonged to the registration. */
export function dropOutbox(state: VtnState, venId: string): void {
  for (const record of state.outbox.under(venId)) state.outbox.delete(record);
}

function isDue({ sentAtUnixMs }: OutboxRecord, nowUnixMs: number): boolean {
  return sentAtUnixMs === undefined || nowUnixMs - sentAtUnixMs >= RESEND_AFTER_MS;
}
