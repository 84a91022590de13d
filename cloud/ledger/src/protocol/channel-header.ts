import { common } from "@hyperledger/fabric-protos";

/** Field 3, the timestamp, present and empty: its class belongs to a package that is no dependency of this one. */
const WITH_TIMESTAMP = Uint8Array.of(0x1a, 0);

/** A header whose `getTimestamp` is there to be set; the epoch until then. */
export function timedChannelHeader(): common.ChannelHeader {
  return common.ChannelHeader.deserializeBinary(WITH_TIMESTAMP);
}
