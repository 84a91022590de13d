import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
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
    expect(advertised.map(([name]) => name)).toEqual(["ledger", "aggregator", "vn-district", "vn-offices"]);
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
    expect(neighbours.map(([, { image }]) => image)).toEqual(neighbours.map(() => "gridpact"));
  });

  it("gives InfluxDB and Grafana no volume with keys", () => {
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
      const named = service.volumes?.map((volume) => volume.split(":")[0] ?? "").filter((it) => !it.startsWith("."));
      const needed = Array.isArray(service.depends_on) ? service.depends_on : Object.keys(service.depends_on ?? {});
      expect(Object.keys(has.volumes), name).toEqual(expect.arrayContaining(named ?? []));
      expect(Object.keys(has.services), name).toEqual(expect.arrayContaining(needed));
      expect(Object.keys(has.networks), name).toEqual(expect.arrayContaining(service.networks ?? []));
    }
  });
});
