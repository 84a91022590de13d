/** How a device changes its node, with everybody's word; `revision` is that of its entry before. */
import { releaseHash } from "@gridpact/proto";
import type { Feid } from "./feid.ts";
import { type Market, NODES, type NodeId } from "./market.ts";

type Move = { readonly from: NodeId; readonly to: NodeId; readonly revision: number };

export async function moveDevice(market: Market, feid: Feid, move: Move): Promise<void> {
  await releaseDevice(market, feid, move);
  await enrolDevice(market, feid, move.to);
}

export async function releaseDevice(market: Market, feid: Feid, { from, to, revision }: Move): Promise<void> {
  const { deviceId } = feid;
  const hash = releaseHash({ deviceId, fromVnId: from, toVnId: to, revision });
  const consentSignatureHex = feid.consentToHash(Buffer.from(hash).toString("hex"));
  await market.submit(NODES[from], "registry:ReleaseDevice", { deviceId, toVnId: to, consentSignatureHex });
}

export async function enrolDevice(market: Market, feid: Feid, vnId: NodeId): Promise<void> {
  const { deviceId, publicKeyHex } = feid;
  const enrolmentRequestHex = Buffer.from(feid.enrolmentRequest()).toString("hex");
  const enrolment = { deviceId, publicKeyHex, vnId, mspId: "VnMSP", enrolmentRequestHex };
  await market.submit(NODES[vnId], "registry:EnrolDevice", enrolment);
}
