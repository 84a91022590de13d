import {
  AggregatorCore,
  AggregatorServer,
  type AggregatorServerOptions,
  type MovesPolicy,
  type Strategy,
} from "@gridpact/aggregator";
import { nodeDisk, wallClock } from "@gridpact/host";
import { DisputeKeeper, Outbox, Timekeeper } from "@gridpact/ledger";
import { memberOf } from "../consortium/consortium.ts";
import { privateKeyPem } from "../consortium/consortium-files.ts";
import { writeRunFile } from "../process/run-file.ts";
import { LEDGER_PROGRAMME, MTU_MS, VN_PRICE_MICRO_PER_WH } from "../wiring/market.ts";
import { paceOf } from "../wiring/pace.ts";
import { marketKnowledge } from "../wiring/scenario.ts";
import { openDsoEvents, openRequests } from "./aggregator-openadr.ts";
import type { OpenAdrProfile } from "./openadr-state.ts";
import { connectLedger, keepTicking, type PartContext, type RunningPart } from "./part.ts";
import { receiptApp } from "./receipt-app.ts";

const VN_MSP_ID = "VnMSP";

export type AggregatorPartOptions = {
  operatorApi: AggregatorServerOptions["operatorApi"];
  /** The profile of OpenADR, upward and downward. */
  profile: OpenAdrProfile;
  /** Of the VTN of the virtual nodes; 0 for any free one. */
  vtnPort: number;
  /** Whether it is VEN of a DSO that runs on the same data directory. */
  hasDso: boolean;
  strategy: Strategy;
  /** Whether moves between nodes wait for the operator. */
  moves: MovesPolicy;
};

function countsOf(timekeeper: Timekeeper, disputes: DisputeKeeper) {
  return { instants: () => timekeeper.counts(), disputes: () => disputes.counts() };
}

/** Runs the aggregator: its loop, OpenADR up and down, the API for profiles, the operator's API and live page. */
export async function runAggregatorPart(
  { operatorApi, profile, vtnPort, hasDso, strategy, moves }: AggregatorPartOptions,
  context: PartContext,
): Promise<RunningPart> {
  const { data, clock, log, consortium, listening } = context;
  const ledger = await connectLedger(context, "aggregator");
  const disk = nodeDisk(data.at("aggregator"));
  const outbox = await Outbox.open({ directory: "outbox" }, { disk, clock: wallClock(), ledger, log });
  const core = await AggregatorCore.open(
    { mtuMs: MTU_MS, strategy, moves, programme: LEDGER_PROGRAMME, ...paceOf(data).aggregator },
    { clock, disk, ledger, outbox, log, market: marketKnowledge },
  );
  for (const [vnId, priceMicroPerWh] of Object.entries(VN_PRICE_MICRO_PER_WH)) {
    await core.enrolVirtualNode({ vnId, mspId: VN_MSP_ID, priceMicroPerWh });
  }
  const identity = memberOf(consortium, "aggregator-server");
  const tls = {
    keyPem: privateKeyPem(identity),
    certificatePem: identity.certificatePem,
    clientAuthorityPems: [...consortium.authorities.values()].map(({ certificatePem }) => certificatePem),
  };
  const keeping = { clock, disk, ledger, outbox, log };
  const timekeeper = await Timekeeper.open(keeping);
  const disputes = await DisputeKeeper.open({ vnId: "all" }, keeping);
  const app = receiptApp(consortium, log);
  const vnApi = { host: listening.host, port: listening.port, tls };
  const server = await AggregatorServer.listen(
    { vnApi, operatorApi, ...(app === undefined ? {} : { receiptApp: app }) },
    { core, screenClock: wallClock(), log, keepers: countsOf(timekeeper, disputes) },
  );
  const requests = await openRequests({ profile, vtnPort }, core, context);
  const dsoEvents = hasDso ? await openDsoEvents(profile, core, context) : undefined;
  // One after the other: a request goes out in the tick that places it.
  const down = { tick: () => core.tick().then(() => requests.desk.tick()) };
  const loops = [down, timekeeper, disputes, ...(dsoEvents === undefined ? [] : [dsoEvents.intake])];
  const ticks = loops.map((loop) => keepTicking(loop, log));
  const ports = { vnApi: server.vnPort(), operator: server.operatorPort(), vtn: requests.port };
  writeRunFile(data, "aggregator", ports, listening.advertisedHost);
  return {
    async close() {
      for (const tick of ticks) tick.cancel();
      timekeeper.close();
      disputes.close();
      await dsoEvents?.close();
      await requests.close();
      await server.close();
      await outbox.close();
    },
  };
}
