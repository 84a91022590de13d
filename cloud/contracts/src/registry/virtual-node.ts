import { demand } from "../contract-error.ts";
import { CHAINCODE_EVENT, defineTransaction, object, type Transaction, VN_ID } from "../transaction/index.ts";
import { VIRTUAL_NODE, type VirtualNode, virtualNodeAt } from "./documents.ts";

/** By aggregator or administrator, before the node can do anything. */
export const REGISTER_VIRTUAL_NODE = defineTransaction({
  name: "registry:RegisterVirtualNode",
  argument: VIRTUAL_NODE,
  result: VIRTUAL_NODE,
});

/** Refused with REGISTRY_VN_UNKNOWN where there is none. */
export const GET_VIRTUAL_NODE = defineTransaction({
  name: "registry:GetVirtualNode",
  argument: object({ vnId: VN_ID }),
  result: VIRTUAL_NODE,
});

/**
 * Lets a virtual node take part.
 *
 * @throws ContractError REGISTRY_VN_EXISTS
 */
export async function registerVirtualNode(transaction: Transaction, node: VirtualNode): Promise<VirtualNode> {
  const { state } = transaction;
  const existing = await state.get(virtualNodeAt(node.vnId));
  demand(existing === undefined, "REGISTRY_VN_EXISTS", () => node.vnId);
  state.put(virtualNodeAt(node.vnId), node);
  transaction.emit(CHAINCODE_EVENT.VIRTUAL_NODE_REGISTERED, { vnId: node.vnId });
  return node;
}

/** @throws ContractError REGISTRY_VN_UNKNOWN */
export async function getVirtualNode({ state }: Transaction, { vnId }: { vnId: string }): Promise<VirtualNode> {
  const node = await state.get(virtualNodeAt(vnId));
  demand(node !== undefined, "REGISTRY_VN_UNKNOWN", () => vnId);
  return node;
}
