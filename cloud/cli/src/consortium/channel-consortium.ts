import { CHANNEL_NAME, type Consortium as ChannelConsortium } from "@gridpact/ledger";
import { type Consortium, type Identity, memberOf } from "./consortium.ts";

/** Money moves only when peers of so many organisations came to the same result. */
const ENDORSING_ORGANISATIONS_MIN = 2;

const PEERS = ["peer-aggregator", "peer-vn"];
const ORDERERS = ["orderer"];

/** What the channel's first block says of the consortium: whom receipts are checked against. */
export function channelConsortium(consortium: Consortium): ChannelConsortium {
  return {
    channelName: CHANNEL_NAME,
    organisations: [...consortium.authorities.values()].map(({ mspId, certificatePem }) => ({
      mspId,
      authorityPem: certificatePem,
    })),
    orderers: ledgerNodes(consortium).orderers.map(({ mspId, certificatePem }) => ({ mspId, certificatePem })),
    endorsingOrganisationsMin: ENDORSING_ORGANISATIONS_MIN,
  };
}

/** The nodes that the embedded ledger speaks for. */
export function ledgerNodes(consortium: Consortium): { orderers: Identity[]; peers: Identity[] } {
  const named = (names: readonly string[]) => names.map((name) => memberOf(consortium, name));
  return { orderers: named(ORDERERS), peers: named(PEERS) };
}
