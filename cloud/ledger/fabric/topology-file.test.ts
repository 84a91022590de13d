import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FabricPaths } from "./paths.ts";
import { containerTopology } from "./topology.ts";
import { peerNamed, readTopology, rememberedTopology, writeTopology } from "./topology-file.ts";

let paths: FabricPaths;
beforeEach(() => {
  paths = new FabricPaths(join(mkdtempSync(join(tmpdir(), "gridpact-topology-")), "fabric"));
});
afterEach(() => rmSync(join(paths.root, ".."), { recursive: true }));

test("a network is what was written down, and no peer is in one that is not there", () => {
  expect(readTopology(paths)).toBeUndefined();
  expect(() => peerNamed(paths, "peer-vn")).toThrow(expect.objectContaining({ code: "FABRIC_NOT_UP" }));
  const topology = containerTopology();
  writeTopology(paths, topology);
  expect(readTopology(paths)).toEqual(topology);
  const [peer] = topology.peers;
  expect(peerNamed(paths, peer?.name ?? "")).toEqual(peer);
  const message = expect.stringMatching(/has no network with a peer nobody/);
  expect(() => peerNamed(paths, "nobody")).toThrow(expect.objectContaining({ code: "FABRIC_NOT_UP", message }));
});

test("ports are free ones at first, each once, and the same ever after", async () => {
  const first = await rememberedTopology(paths);
  const ports = [...first.orderers, ...first.peers].flatMap((node) => Object.values(node.ports));
  expect(new Set(ports).size).toBe(ports.length);
  expect(await rememberedTopology(paths)).toEqual(first);
});
