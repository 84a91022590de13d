/** The other side of `ThreadDispatcher`. */
import { parentPort } from "node:worker_threads";
import { loadSolver } from "@gridpact/flexibility";
import { dispatchOrders } from "./dispatch-orders.ts";
import type { DispatchQuestion, DispatchReply } from "./dispatcher.ts";

const solver = await loadSolver();

parentPort?.on("message", ({ questionNo, inputs }: DispatchQuestion) => {
  parentPort?.postMessage({ questionNo, choice: dispatchOrders(solver, inputs) } satisfies DispatchReply);
});
