/** Whom the page trusts, as people compare it. */
import { dateTimeOf } from "@gridpact/page/amounts.js";
import { byId, element, fillTable } from "@gridpact/page/elements.js";
import { trustRoots } from "../src/trust-roots.ts";

const ROLES = { authority: "authority", orderer: "orders blocks" };

export function drawTrust(consortium, source) {
  const { channelName, endorsingOrganisationsMin } = consortium;
  byId("trust-words").textContent =
    `The consortium of channel ${channelName}, ${source}. ` +
    `Money moves when ${endorsingOrganisationsMin} of its organisations came to the same result.`;
  const rows = trustRoots(consortium).map(({ role, mspId, commonName, fingerprint, notAfterUnixMs }) => [
    mspId,
    `${commonName} (${ROLES[role]})`,
    element("span", { className: "mono", textContent: fingerprint }),
    element("span", { className: "day", textContent: dateTimeOf(notAfterUnixMs).slice(0, 10) }),
  ]);
  fillTable(byId("trust-table"), ["Organisation", "Certificate", "Fingerprint (SHA-256)", "Until"], rows);
}
