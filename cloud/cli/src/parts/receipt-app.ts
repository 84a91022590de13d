import { existsSync, readdirSync } from "node:fs";
import type { Log } from "@gridpact/host";
import type { BuiltApp } from "@gridpact/page";
import { channelConsortium } from "../consortium/channel-consortium.ts";
import type { Consortium } from "../consortium/consortium.ts";

/** Where `npm run setup` builds the web app: not imported, as it is for browsers. */
const BUILT_APP = new URL("../../../dapp/dist/", import.meta.url);

/**
 * The app that checks receipts, with this consortium as whom to trust: whoever opens it compares fingerprints.
 * Undefined when nobody has built it.
 */
export function receiptApp(consortium: Consortium, log: Log, directory = BUILT_APP): BuiltApp | undefined {
  if (!existsSync(directory)) {
    log.warn("receipt_page_not_built", { builtBy: "npm run setup" });
    return undefined;
  }
  const texts = { "trust.json": JSON.stringify(channelConsortium(consortium)) };
  return { directory, files: readdirSync(directory), texts };
}
