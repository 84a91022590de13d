import { common, gateway, ledger, msp, peer } from "@hyperledger/fabric-protos";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeMessage, MalformedMessageError } from "./decode.ts";

const { rwset } = ledger;

/** Every message that is decoded from bytes of unknown origin. */
const TYPES = [
  common.Block,
  common.ChannelHeader,
  common.Envelope,
  common.Metadata,
  common.Payload,
  common.SignatureHeader,
  common.SignaturePolicyEnvelope,
  gateway.ChaincodeEventsRequest,
  gateway.CommitStatusRequest,
  gateway.EndorseRequest,
  gateway.EvaluateRequest,
  gateway.SubmitRequest,
  msp.SerializedIdentity,
  peer.ChaincodeActionPayload,
  peer.ChaincodeInvocationSpec,
  peer.ChaincodeProposalPayload,
  peer.Transaction,
  rwset.TxReadWriteSet,
  rwset.kvrwset.HashedRWSet,
  rwset.kvrwset.KVRWSet,
] as { deserializeBinary(bytes: Uint8Array): unknown }[];

test("reads back a message with text, an embedded message and a map", () => {
  const id = new peer.ChaincodeID();
  id.setName("gridpact ✓");
  const extension = new peer.ChaincodeHeaderExtension();
  extension.setChaincodeId(id);
  const decoded = decodeMessage(peer.ChaincodeHeaderExtension, extension.serializeBinary());
  expect(decoded.getChaincodeId()?.getName()).toBe("gridpact ✓");
  const payload = new peer.ChaincodeProposalPayload();
  payload.getTransientmapMap().set("schlüssel", Uint8Array.of(1, 2));
  const map = decodeMessage(peer.ChaincodeProposalPayload, payload.serializeBinary()).getTransientmapMap();
  expect(map.get("schlüssel")).toEqual(Uint8Array.of(1, 2));
});

test("refuses lengths beyond the bytes at once, where the library alone would loop for seconds", () => {
  // A text, and an embedded message, that state a length near 2^32.
  const text = Buffer.from("0ad8c7dbf60f2ff77915", "hex");
  const embedded = Buffer.from("228d9e809e0f6a7b", "hex");
  const startedAt = performance.now();
  expect(() => decodeMessage(msp.SerializedIdentity, text)).toThrow(MalformedMessageError);
  expect(() => decodeMessage(common.SignaturePolicyEnvelope, text)).toThrow(MalformedMessageError);
  for (const type of TYPES) {
    for (const bytes of [text, embedded]) {
      try {
        decodeMessage(type, bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedMessageError);
      }
    }
  }
  // Generous: what is refused takes microseconds, what loops takes ten seconds a message.
  expect(performance.now() - startedAt).toBeLessThan(5_000);
});

test("any bytes are a message or refused", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat(TYPES.length - 1), (bytes, index) => {
      try {
        decodeMessage(TYPES[index] as (typeof TYPES)[0], bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedMessageError);
      }
    }),
    { numRuns: 5_000 },
  );
});
