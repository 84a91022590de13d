import type { StepContext } from "../aggregator-modules.ts";

/** Brings enrolled nodes into the ledger's registry. */
export async function registerNodes({ nodes, acts, modules }: StepContext): Promise<void> {
  for (const { vnId, mspId } of nodes.list().filter((node) => !node.isOnLedger)) {
    const act = acts.perform(`register/${vnId}`, "registry:RegisterVirtualNode", { vnId, mspId });
    if (act.status === "pending") continue;
    // The administrator may have registered it before; that is as good.
    if (act.status === "refused" && act.refusal !== "REGISTRY_VN_EXISTS") {
      modules.log.error("virtual_node_refused", { vnId, refusal: act.refusal });
      continue;
    }
    await nodes.update(vnId, (node) => ({ ...node, isOnLedger: true }));
  }
}
