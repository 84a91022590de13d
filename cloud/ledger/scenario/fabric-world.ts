import { existsSync, readFileSync } from "node:fs";
import {
  type Clock,
  SEED_BYTES,
  type SigningKey,
  signingKeyFromSeed,
  sleep,
  systemRandom,
  type Timer,
  wallClock,
} from "@gridpact/host";
import { Client, credentials } from "@grpc/grpc-js";
import type { FabricNetwork, PeerNode } from "../fabric/index.ts";
import { pidOf } from "../fabric/processes.ts";
import {
  type Authority,
  GatewayLedger,
  issueCertificate,
  type Ledger,
  type LedgerIdentity,
  type MspId,
  NETWORK_REFUSALS,
} from "../src/index.ts";
import { ownCpuMs } from "./embedded-world.ts";
import type { CpuMs, PersonRequest, ScenarioWorld } from "./world.ts";

/** A call that takes longer has no peer that answers. */
const CALL_MS_MAX = 60_000;

/** A block with a chunk of settlements and their evidence. */
const MESSAGE_BYTES_MAX = 20 * 1024 * 1024;

const LOOK_AGAIN_AFTER_MS = 50;

/** A running Fabric network as its clients see it, whose clocks are set as the scenario wants. */
export class FabricWorld implements ScenarioWorld {
  readonly name = "fabric";
  readonly random = systemRandom;
  readonly clock = new ShiftedClock(wallClock());
  readonly #network: FabricNetwork;
  readonly #authorities: ReadonlyMap<MspId, Authority>;
  readonly #clients: ReadonlyMap<PeerNode, Client>;
  readonly #readers: readonly Ledger[];

  constructor(network: FabricNetwork, authorities: ReadonlyMap<MspId, Authority>) {
    this.#network = network;
    this.#authorities = authorities;
    const rootsPem = [...authorities.values()].map(({ certificatePem }) => certificatePem).join("");
    this.#clients = new Map(network.topology.peers.map((peer) => [peer, connect(peer.ports.gateway, rootsPem)]));
    const attributes = { role: "auditor" };
    const reader = this.issue({ mspId: "AuditorMSP", commonName: "reader", attributes });
    this.#readers = [...this.#clients.values()].map((client) => this.#ledgerOf(client, reader));
  }

  async setTime(unixMs: number): Promise<void> {
    this.clock.set(unixMs);
  }

  issue({ mspId, commonName, attributes, key = newKey() }: PersonRequest): LedgerIdentity & { key: SigningKey } {
    const authority = this.#authorities.get(mspId);
    if (authority === undefined) throw new TypeError(`no authority of ${mspId}`);
    const request = { authority, commonName, publicKey: key.publicKey, kind: "client", attributes } as const;
    const modules = { random: systemRandom, clock: wallClock() };
    return { mspId, certificatePem: issueCertificate(request, modules), key };
  }

  clientOf(identity: LedgerIdentity): Ledger {
    const [anyone] = this.#clients.values();
    const own = [...this.#clients].find(([peer]) => peer.mspId === identity.mspId);
    const client = own?.[1] ?? anyone;
    if (client === undefined) throw new TypeError("a network without peers");
    return this.#ledgerOf(client, identity);
  }

  async caughtUp(): Promise<void> {
    for (;;) {
      const infos = await Promise.all(this.#readers.map((reader) => reader.chainInfo()));
      if (new Set(infos.map(({ height }) => height)).size === 1) return;
      await sleep(this.clock, LOOK_AGAIN_AFTER_MS);
    }
  }

  cpuMs(): CpuMs {
    const { topology, paths } = this.#network;
    const sumOf = (nodes: readonly { name: string }[]) =>
      nodes.reduce((sum, { name }) => sum + cpuMsOf(pidOf(name, paths)), 0);
    return {
      clients: ownCpuMs(),
      contracts: sumOf(topology.peers.map(({ chaincode }) => chaincode)),
      peers: sumOf(topology.peers),
      orderers: sumOf(topology.orderers),
    };
  }

  async close(): Promise<void> {
    for (const client of this.#clients.values()) client.close();
  }

  #ledgerOf(client: Client, identity: LedgerIdentity): Ledger {
    const callOptions = () => ({ deadline: Date.now() + CALL_MS_MAX });
    return new GatewayLedger(
      { client, identity, callOptions, refusals: NETWORK_REFUSALS },
      { random: systemRandom, clock: this.clock },
    );
  }
}

function connect(port: number, rootsPem: string): Client {
  return new Client(`127.0.0.1:${port}`, credentials.createSsl(Buffer.from(rootsPem)), {
    "grpc.ssl_target_name_override": "localhost",
    "grpc.max_receive_message_length": MESSAGE_BYTES_MAX,
    "grpc.max_send_message_length": MESSAGE_BYTES_MAX,
  });
}

/** The machine's clock, set forward or back. */
class ShiftedClock implements Clock {
  readonly #clock: Clock;
  #shiftMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  nowUnixMs(): number {
    return this.#clock.nowUnixMs() + this.#shiftMs;
  }

  after(delayMs: number, callback: () => void): Timer {
    return this.#clock.after(delayMs, callback);
  }

  set(unixMs: number): void {
    this.#shiftMs = unixMs - this.#clock.nowUnixMs();
  }
}

/** Ticks of /proc/PID/stat are hundredths of a second on every Linux that this runs on. */
const MS_PER_TICK = 10;

/** Processor time of a process so far, ms; of one that is gone nothing. */
function cpuMsOf(pid: number | undefined): number {
  const path = `/proc/${pid}/stat`;
  if (pid === undefined || !existsSync(path)) return 0;
  // Fields 14 and 15, counted behind the name in parentheses, which may hold blanks.
  const fields = readFileSync(path, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
}

function newKey(): SigningKey {
  return signingKeyFromSeed(systemRandom.bytes(SEED_BYTES));
}
