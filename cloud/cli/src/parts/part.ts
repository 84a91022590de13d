import { createWriteStream, mkdirSync } from "node:fs";
import { isIPv4 } from "node:net";
import { type Clock, jsonLog, type Log, repeat, systemRandom, type Timer, wallClock } from "@gridpact/host";
import { GatewayLedger, type Ledger, type LedgerIdentity, NETWORK_REFUSALS } from "@gridpact/ledger";
import { Client, credentials } from "@grpc/grpc-js";
import { type Consortium, memberOf } from "../consortium/consortium.ts";
import { readConsortium } from "../consortium/consortium-files.ts";
import { awaitLedger } from "../fabric/fabric-ledger.ts";
import { clockOf } from "../process/clock-file.ts";
import type { DataDirectory } from "../process/data-directory.ts";

/** Where a part listens, and under which name others reach it. */
export type Listening = { host: string; advertisedHost: string; port: number };

/** What every part of a running system works with. */
export type PartContext = {
  data: DataDirectory;
  clock: Clock;
  log: Log;
  consortium: Consortium;
  listening: Listening;
};

/** A part that runs; `close` ends it in good order. */
export type RunningPart = { close(): Promise<void> };

/** Opens what a part needs; its log goes to `logs/NAME.log`. */
export function openPart(name: string, data: DataDirectory, listening: Listening): PartContext {
  mkdirSync(data.at("logs"), { recursive: true });
  const clock = clockOf(data);
  const file = createWriteStream(data.at("logs", `${name}.log`), { flags: "a", mode: 0o600 });
  const log = jsonLog((line) => file.write(line), clock);
  return { data, clock, log, consortium: readConsortium(data), listening };
}

/** A call to the ledger over the network that takes longer is given up; the outbox asks again. */
const LEDGER_CALL_MS_MAX = 30_000;

/** A block with a batch of settlements and their evidence; the ledger's own bound for what it sends and takes. */
const LEDGER_MESSAGE_BYTES_MAX = 16 * 1024 * 1024;

/** A client of the running ledger that signs as a member. */
export async function connectLedger(
  { data, clock, consortium }: Pick<PartContext, "data" | "clock" | "consortium">,
  member: string,
): Promise<Ledger> {
  const identity = memberOf(consortium, member);
  const { host, ports, isNetwork } = await awaitLedger(data, identity.mspId);
  const authorityPems = [...consortium.authorities.values()].map(({ certificatePem }) => certificatePem);
  return connectAs(identity, { address: { host, port: ports["gateway"] ?? 0, isNetwork }, authorityPems, clock });
}

/** Where a gateway listens. Peers of a network lag behind each other, so their refusals are asked for again. */
export type LedgerAddress = { host: string; port: number; isNetwork: boolean };

/**
 * A client that signs as whoever has the identity. Nothing is sent before the first call.
 * @param authorityPems - By which the gateway's own certificate is believed
 */
export function connectAs(
  identity: LedgerIdentity,
  { address, authorityPems, clock }: { address: LedgerAddress; authorityPems: readonly string[]; clock: Clock },
): Ledger {
  const { host, port, isNetwork } = address;
  // A TLS server name is a name, never an address [RFC6066 s.3]; the ledger's certificate has both.
  const nameOverride = isIPv4(host) ? { "grpc.ssl_target_name_override": "localhost" } : {};
  const options = { ...nameOverride, "grpc.max_receive_message_length": LEDGER_MESSAGE_BYTES_MAX };
  const client = new Client(`${host}:${port}`, credentials.createSsl(Buffer.from(authorityPems.join(""))), options);
  const callOptions = () => ({ deadline: Date.now() + LEDGER_CALL_MS_MAX });
  const refusals = isNetwork ? { refusals: NETWORK_REFUSALS } : {};
  return new GatewayLedger({ client, identity, callOptions, ...refusals }, { random: systemRandom, clock });
}

/** A log that cannot be trusted any more ends the process: the next start recovers. */
export function endProcess(log: Log): (error: unknown) => void {
  return (error) => {
    log.error("fatal", { reason: String(error) });
    process.exitCode = 1;
    process.kill(process.pid, "SIGKILL");
  };
}

/** By the machine's clock: short against a market time unit of an accelerated day. */
const TICK_PERIOD_MS = 200;

/** Ticks a loop until cancelled. A tick that fails is logged, and the next comes all the same: each looks anew. */
export function keepTicking(loop: { tick(): Promise<void> }, log: Log): Timer {
  const onError = (error: unknown) => {
    log.error("tick_failed", { reason: String(error) });
    return true;
  };
  return repeat({ clock: wallClock(), periodMs: TICK_PERIOD_MS, task: () => loop.tick(), onError });
}
