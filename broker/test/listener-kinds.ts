import { existsSync } from "node:fs";
import type { ListenerKind } from "../src/listener/index.ts";

const isBuilt = existsSync(new URL("../../native/gridpact-native.node", import.meta.url));
if (!isBuilt) process.stdout.write("native: addon not built, so nothing is run over the native listener\n");

/** The listeners that this machine has: what is promised of both is tried over each. */
export const LISTENER_KINDS: readonly ListenerKind[] = isBuilt ? ["native", "node-tls"] : ["node-tls"];
