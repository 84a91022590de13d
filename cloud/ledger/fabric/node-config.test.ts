import { expect, test } from "vitest";
import { buildCollectionsConfig } from "./collections-config.ts";
import { buildOrdererConfig, buildPeerConfig, PROPOSAL_TIME_WINDOW_DEFAULT } from "./node-config.ts";
import { FabricPaths } from "./paths.ts";
import { containerTopology, LOOPBACK_PORTS, loopbackTopology } from "./topology.ts";

const paths = new FabricPaths("/fabric");
const ports = Array.from({ length: LOOPBACK_PORTS }, (_, index) => 20_000 + index);
const options = { proposalTimeWindow: PROPOSAL_TIME_WINDOW_DEFAULT, builderDirectory: "/builder" };

test("on one machine everything listens on loopback, each on a port of its own", () => {
  const { orderers, peers } = loopbackTopology(ports);
  const texts = [
    ...orderers.map((node) => JSON.stringify(buildOrdererConfig(node, paths))),
    ...peers.map((node) => JSON.stringify(buildPeerConfig(node, paths, options))),
  ];
  for (const text of texts) expect(text).not.toContain("0.0.0.0");
  const used = [...orderers, ...peers].flatMap((node) => Object.values(node.ports));
  expect(new Set([...used, ...peers.map(({ chaincode }) => chaincode.port)]).size).toBe(LOOPBACK_PORTS);
  expect(() => loopbackTopology(ports.slice(1))).toThrow(/takes 24 ports/);
});

test("in a container a node listens for the other containers", () => {
  const [orderer] = containerTopology().orderers;
  expect(orderer && buildOrdererConfig(orderer, paths)).toMatchObject({ General: { ListenAddress: "0.0.0.0" } });
});

test("whoever may administer an orderer shows a certificate, and every listener of a peer has TLS", () => {
  const { orderers, peers } = containerTopology();
  const [orderer, peer] = [orderers[0], peers[0]];
  expect(orderer && buildOrdererConfig(orderer, paths)).toMatchObject({ Admin: { TLS: { ClientAuthRequired: true } } });
  const config = peer && buildPeerConfig(peer, paths, options);
  expect(config).toMatchObject({ peer: { tls: { enabled: true }, authentication: { timewindow: "15m" } } });
  expect(config).toMatchObject({ chaincode: { externalBuilders: [{ path: "/builder" }] } });
});

test("collections keep their members and their policy", () => {
  const memberMspIds = ["VnMSP", "AuditorMSP"];
  const endorsement = { mspIds: memberMspIds, organisationsMin: 2 };
  expect(buildCollectionsConfig([{ name: "terms", memberMspIds, endorsement }])).toEqual([
    expect.objectContaining({
      name: "terms",
      policy: "OR('VnMSP.member', 'AuditorMSP.member')",
      memberOnlyRead: true,
      memberOnlyWrite: true,
      endorsementPolicy: { signaturePolicy: "OutOf(2, 'VnMSP.peer', 'AuditorMSP.peer')" },
    }),
  ]);
  expect(buildCollectionsConfig([{ name: "own", memberMspIds: ["VnMSP"] }])[0]).not.toHaveProperty("endorsementPolicy");
});
