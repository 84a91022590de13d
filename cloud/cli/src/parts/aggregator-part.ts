import { AggregatorCore, AggregatorServer, type AggregatorServerOptions, type Strategy } from "@gridpact/aggregator";
import { DsoIntake, RequestDesk, Vtn20bBoard } from "@gridpact/dr-openadr";
import { nodeDisk, wallClock } from "@gridpact/host";
import { Outbox } from "@gridpact/ledger";
import { memberOf } from "../consortium/consortium.ts";
import { privateKeyPem } from "../consortium/consortium-files.ts";
import { awaitRunFile, writeRunFile } from "../process/run-file.ts";
import { MTU_MS, PROGRAMME, PROGRAMME_TERMS, VN_IDS, VN_PRICE_MICRO_PER_WH } from "../wiring/market.ts";
import { paceOf } from "../wiring/pace.ts";
import { listen20b, openDsoFeed20b } from "./openadr20b.ts";
import { connectLedger, keepTicking, type PartContext, type RunningPart } from "./part.ts";

const VN_MSP_ID = "VnMSP";

/** In OpenADR, as VEN and as VTN. */
const PARTY = "aggregator";

export type AggregatorPartOptions = {
  operatorApi: AggregatorServerOptions["operatorApi"];
  /** Of the VTN of the virtual nodes; 0 for any free one. */
  vtnPort: number;
  /** Whether it is VEN of a DSO that runs on the same data directory. */
  hasDso: boolean;
  strategy: Strategy;
};

/** Runs the aggregator: its loop, OpenADR up and down, the API for profiles, the operator's API and live page. */
export async function runAggregatorPart(
  { operatorApi, vtnPort, hasDso, strategy }: AggregatorPartOptions,
  context: PartContext,
): Promise<RunningPart> {
  const { data, clock, log, consortium, listening } = context;
  const ledger = await connectLedger(context, "aggregator");
  const disk = nodeDisk(data.at("aggregator"));
  const outbox = await Outbox.open({ directory: "outbox" }, { disk, clock: wallClock(), ledger, log });
  const core = await AggregatorCore.open(
    { mtuMs: MTU_MS, strategy, ...paceOf(data).aggregator },
    { clock, disk, ledger, outbox, log },
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
  const server = await AggregatorServer.listen(
    { vnApi: { host: listening.host, port: listening.port, tls }, operatorApi },
    { core, screenClock: wallClock(), log },
  );
  const requests = await openRequests(core, context, vtnPort);
  const dsoEvents = hasDso ? await openDsoEvents(core, context) : undefined;
  // One after the other: a request goes out in the tick that places it.
  const down = { tick: () => core.tick().then(() => requests.desk.tick()) };
  const loops = dsoEvents === undefined ? [down] : [down, dsoEvents.intake];
  const ticks = loops.map((loop) => keepTicking(loop, log));
  const ports = { vnApi: server.vnPort(), operator: server.operatorPort(), vtn: requests.port };
  writeRunFile(data, "aggregator", ports, listening.advertisedHost);
  return {
    async close() {
      for (const tick of ticks) tick.cancel();
      await dsoEvents?.close();
      await requests.close();
      await server.close();
      await outbox.close();
    },
  };
}

/** The aggregator as VTN of its virtual nodes. */
async function openRequests(core: AggregatorCore, context: PartContext, port: number) {
  const running = await listen20b(
    {
      party: PARTY,
      port,
      pollFrequency: paceOf(context.data).pollFrequency,
      vens: VN_IDS.map((vnId) => ({ venId: vnId, party: `vn-${vnId}` })),
      onNotification: (notification) => board.notice(notification),
    },
    context,
  );
  const board = new Vtn20bBoard(running.vtn);
  return { ...running, desk: new RequestDesk({ book: core, board, log: context.log }) };
}

/** The aggregator as VEN of the DSO. */
async function openDsoEvents(core: AggregatorCore, context: PartContext) {
  const { host, ports } = await awaitRunFile(context.data, "dso");
  const vtn = { party: "dso", host, port: ports["vtn"] ?? 0 };
  const programmes = new Map([[PROGRAMME, PROGRAMME_TERMS]]);
  const feed = openDsoFeed20b({ party: PARTY, venId: PARTY, vtn, programmes, mtuMs: MTU_MS }, context);
  const intake = new DsoIntake({ feed: feed.opened, planner: core, log: context.log });
  return { intake, close: feed.close };
}
