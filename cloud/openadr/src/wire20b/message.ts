import type { XmlElement } from "../xml/xml-element.ts";
import type { Content, TypeOf } from "./codec.ts";
import { sequence } from "./codec.ts";
import { oadrCreatedEvent, oadrDistributeEvent, oadrRequestEvent } from "./event.ts";
import { NAMESPACES } from "./namespaces.ts";
import { oadrCanceledOpt, oadrCancelOpt, oadrCreatedOpt, oadrCreateOpt } from "./opt.ts";
import {
  oadrCanceledPartyRegistration,
  oadrCancelPartyRegistration,
  oadrCreatedPartyRegistration,
  oadrCreatePartyRegistration,
  oadrQueryRegistration,
  oadrRequestReregistration,
} from "./registration.ts";
import {
  oadrCanceledReport,
  oadrCancelReport,
  oadrCreatedReport,
  oadrCreateReport,
  oadrRegisteredReport,
  oadrRegisterReport,
  oadrUpdatedReport,
  oadrUpdateReport,
} from "./report.ts";
import { eiResponseField, optionalVenID, venID } from "./response.ts";
import { WireFault } from "./wire-fault.ts";
import { XmlWriter } from "./xml-writer.ts";

/** Every message of the profile by its element name: the one list that types, reader and writer share. */
const MESSAGES = {
  oadrDistributeEvent,
  oadrCreatedEvent,
  oadrRequestEvent,
  oadrResponse: sequence({ eiResponse: eiResponseField, venID: optionalVenID }),
  oadrCancelOpt,
  oadrCanceledOpt,
  oadrCreateOpt,
  oadrCreatedOpt,
  oadrCancelReport,
  oadrCanceledReport,
  oadrCreateReport,
  oadrCreatedReport,
  oadrRegisterReport,
  oadrRegisteredReport,
  oadrUpdateReport,
  oadrUpdatedReport,
  oadrCancelPartyRegistration,
  oadrCanceledPartyRegistration,
  oadrCreatePartyRegistration,
  oadrCreatedPartyRegistration,
  oadrRequestReregistration,
  oadrQueryRegistration,
  oadrPoll: sequence({ venID }),
} as const;

/** The name of a message: that of its element. */
export type MessageType = keyof typeof MESSAGES;

/** The body of one kind of message. */
export type MessageBody<K extends MessageType> = TypeOf<(typeof MESSAGES)[K]>;

/** A message with its kind, so that `switch (message.type)` narrows the body. */
export type OadrMessage = { [K in MessageType]: { readonly type: K } & MessageBody<K> }[MessageType];

/** The messages of one kind. */
export type MessageOf<K extends MessageType> = Extract<OadrMessage, { readonly type: K }>;

/** All kinds, for tables that must be complete. */
export const MESSAGE_TYPES = Object.keys(MESSAGES) as MessageType[];

/** The identifier that `ds:Reference` points to; peers expect exactly this one. */
export const SIGNED_OBJECT_ID = "oadrSignedObject";

/** Reads the content of `oadr:oadrSignedObject`. Throws `WireFault`. */
export function readSignedObject(signedObject: XmlElement): OadrMessage {
  if (signedObject.namespace !== NAMESPACES.oadr || signedObject.local !== "oadrSignedObject") {
    throw new WireFault(signedObject.local, "not an oadrSignedObject");
  }
  const [body, surplus] = signedObject.children;
  if (body === undefined) throw new WireFault("oadrSignedObject", "empty");
  if (surplus !== undefined) throw new WireFault(surplus.local, "second message");
  if (body.namespace !== NAMESPACES.oadr || !Object.hasOwn(MESSAGES, body.local)) {
    throw new WireFault(body.local, "unknown message");
  }
  const type = body.local as MessageType;
  const value = atMessage(type, () => (MESSAGES[type] as Content<object>).read(body));
  return { type, ...value } as OadrMessage;
}

/**
 * Writes `oadr:oadrSignedObject` as canonical XML that declares each namespace it uses, so that its bytes mean the same
 * wherever they are put. Throws `WireFault` when the message cannot be written as valid XML.
 */
export function writeSignedObject(message: OadrMessage): string {
  const body = new XmlWriter();
  body.use("oadr");
  body.use("ei");
  atMessage(message.type, () => (MESSAGES[message.type] as Content<OadrMessage>).write(message, body));
  const declarations = [...body.prefixes]
    .sort()
    .map((prefix) => ` xmlns:${prefix}="${NAMESPACES[prefix]}"`)
    .join("");
  const name = `oadr:${message.type}`;
  return (
    `<oadr:oadrSignedObject${declarations} oadr:Id="${SIGNED_OBJECT_ID}">` +
    `<${name} ei:schemaVersion="2.0b">${body.toString()}</${name}></oadr:oadrSignedObject>`
  );
}

function atMessage<T>(type: MessageType, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof WireFault)) throw error;
    throw new WireFault(`${type}/${error.path}`, error.detail);
  }
}
