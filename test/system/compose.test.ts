import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { containerTopology, FABRIC_VERSION_MIN, FabricPaths } from "@gridpact/ledger/fabric";
import { CommanderError } from "commander";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { REPOSITORY_ROOT } from "../tidy/tracked-files.ts";
import { parseCommandLine } from "./command-line.ts";

type Service = {
  image?: string;
  command?: string[];
  entrypoint?: string[];
  environment?: Record<string, string>;
  ports?: string[];
  volumes?: string[];
  networks?: string[];
  network_mode?: string;
  depends_on?: string[] | Record<string, object>;
  profiles?: string[];
};

type Stack = { services: Record<string, Service>; volumes: object; networks: object };

const read = (path: string) => readFileSync(join(REPOSITORY_ROOT, path), "utf8");

const stack = parse(read("docker-compose.yml"), { merge: true }) as Stack;
const services = Object.entries(stack.services);

/** Services that run the product's own command. */
const parts = services.filter(([, { image, entrypoint }]) => image === "gridpact" && entrypoint === undefined);

describe("the command line of each service", () => {
  it.each(parts)("%s is one that gridpact takes", (_name, { command = [] }) => {
    expect(parseCommandLine(command)).toMatchObject({ name: command[0], options: { data: "/state/gridpact" } });
  });

  it("would be refused with an option or an argument that gridpact has not", () => {
    expect(() => parseCommandLine(["vn", "district", "--influx", "http://influxdb:8086"])).toThrow(CommanderError);
    expect(() => parseCommandLine(["ledgers"])).toThrow(CommanderError);
    expect(() => parseCommandLine(["aggregator", "--operator-port", "http"])).toThrow(CommanderError);
  });

  it("advertises the name under which the others reach the service", () => {
    const advertised = parts.flatMap(([name, { command = [] }]) => {
      const { advertise } = parseCommandLine(command).options;
      return advertise === undefined ? [] : [[name, advertise]];
    });
    expect(advertised.map(([name]) => name)).toEqual(["ledger", "dso", "aggregator", "vn-district", "vn-offices"]);
    for (const [name, advertise] of advertised) expect(advertise).toBe(name);
  });
});

describe("the stack", () => {
  it("publishes every port on loopback only", () => {
    const published = services.flatMap(([, { ports = [] }]) => ports);
    expect(published.length).toBeGreaterThan(0);
    expect(published.filter((port) => !port.startsWith("127.0.0.1:"))).toEqual([]);
  });

  it("exposes the operator's API, which has no login, only to parts that hold all keys", () => {
    const exposing = parts.filter(
      ([, { command = [] }]) => parseCommandLine(command).options["exposeOperatorWithoutLoginOn"] !== undefined,
    );
    expect(exposing.map(([name]) => name)).toEqual(["aggregator"]);
    const networks = exposing.flatMap(([, service]) => service.networks ?? []);
    const neighbours = services.filter(([, service]) => service.networks?.some((name) => networks.includes(name)));
    // Nodes of the Fabric network hold the consortium's keys as well, and the aggregator has to reach its gateway.
    const strangers = neighbours.filter(
      ([, { image = "" }]) => image !== "gridpact" && !image.startsWith("hyperledger/"),
    );
    expect(strangers).toEqual([]);
  });

  it("gives the images of others no volume with the keys of Gridpact's parts", () => {
    for (const [, { image, volumes = [] }] of services) {
      if (image !== "gridpact") expect(volumes.filter((volume) => volume.startsWith("state:"))).toEqual([]);
    }
  });

  it("makes a bucket for each virtual node", () => {
    const environment = stack.services["influxdb"]?.environment ?? {};
    const script = "dashboards/influxdb/offices-bucket.sh";
    // The image passes over scripts that it may not execute.
    expect(statSync(join(REPOSITORY_ROOT, script)).mode & 0o111).toBe(0o111);
    const made = [environment["DOCKER_INFLUXDB_INIT_BUCKET"], /--name (\S+)/.exec(read(script))?.[1]];
    const nodes = parts.flatMap(([, { command = [] }]) => (command[0] === "vn" ? [`gridpact-${command[1]}`] : []));
    expect(made).toEqual(nodes);
  });

  it("names only services, volumes and networks that it has", () => {
    const has = { services: stack.services, volumes: stack.volumes, networks: stack.networks };
    for (const [name, service] of services) {
      const named = service.volumes?.map((volume) => volume.split(":")[0] ?? "").filter((it) => !/^[.$]/.test(it));
      const needed = Array.isArray(service.depends_on) ? service.depends_on : Object.keys(service.depends_on ?? {});
      expect(Object.keys(has.volumes), name).toEqual(expect.arrayContaining(named ?? []));
      expect(Object.keys(has.services), name).toEqual(expect.arrayContaining(needed));
      expect(Object.keys(has.networks), name).toEqual(expect.arrayContaining(service.networks ?? []));
    }
  });
});

describe("the Fabric network of the stack", () => {
  const { orderers, peers } = containerTopology();
  const root = "/state/gridpact/fabric";
  const network = Object.fromEntries(services.filter(([, { profiles }]) => profiles?.includes("fabric")));

  it("has the nodes of the command's own network, and each finds its configuration", () => {
    const nodes = [...orderers, ...peers].map(({ name }) => name);
    const chaincodes = peers.map(({ chaincode }) => chaincode.name);
    expect(Object.keys(network).sort()).toEqual(["fabric-deploy", "fabric-init", ...nodes, ...chaincodes].sort());
    for (const { name, host } of [...orderers, ...peers]) {
      expect(host).toBe(name);
      expect(network[name]?.environment).toEqual({ FABRIC_CFG_PATH: new FabricPaths(root).nodeConfig(name) });
      expect(network[name]?.volumes).toEqual([`fabric:${root}`]);
    }
  });

  it("runs the contracts of each peer in a service of their own, in the name of the peer's organisation", () => {
    for (const { name, mspId, chaincode } of peers) {
      expect(parseCommandLine(network[chaincode.name]?.command ?? [])).toMatchObject({ options: { peer: name } });
      expect(network[chaincode.name]?.environment).toEqual({ CORE_PEER_LOCALMSPID: mspId });
      expect(chaincode.host).toBe(chaincode.name);
    }
  });

  it("takes the official images, no older than the commands ask for", () => {
    const images = [...orderers, ...peers].map(({ name }) => network[name]?.image ?? "");
    const [major = 0, minor = 0, patch = 0] = FABRIC_VERSION_MIN.split(".").map(Number);
    for (const image of images) {
      const [, program, ...version] = /^hyperledger\/fabric-(orderer|peer):(\d+)\.(\d+)\.(\d+)$/.exec(image) ?? [];
      expect(program).toBeDefined();
      const [ownMajor = 0, ownMinor = 0, ownPatch = 0] = version.map(Number);
      const isOldEnough = ownMajor > major || ownMinor > minor || ownPatch >= patch;
      expect(isOldEnough && ownMajor >= major && ownMinor >= minor, image).toBe(true);
    }
  });
});
