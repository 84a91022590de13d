import { AggregatorCore, AggregatorServer, type AggregatorServerOptions } from "@gridpact/aggregator";
import { nodeDisk, wallClock } from "@gridpact/host";
import { Outbox } from "@gridpact/ledger";
import { memberOf } from "../consortium/consortium.ts";
import { privateKeyPem } from "../consortium/consortium-files.ts";
import { writeRunFile } from "../process/run-file.ts";
import { MTU_MS, VN_PRICE_MICRO_PER_WH } from "../wiring/market.ts";
import { paceOf } from "../wiring/pace.ts";
import { connectLedger, keepTicking, type PartContext, type RunningPart } from "./part.ts";

const VN_MSP_ID = "VnMSP";

/** Runs the aggregator: its loop, the API for virtual nodes, the operator's API and live page. */
export async function runAggregatorPart(
  context: PartContext,
  operatorApi: AggregatorServerOptions["operatorApi"],
): Promise<RunningPart> {
  const { data, clock, log, consortium, listening } = context;
  const ledger = await connectLedger(context, "aggregator");
  const disk = nodeDisk(data.at("aggregator"));
  const outbox = await Outbox.open({ directory: "outbox" }, { disk, clock: wallClock(), ledger, log });
  const core = await AggregatorCore.open(
    { mtuMs: MTU_MS, ...paceOf(data).aggregator },
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
  const ticks = keepTicking(core, log);
  const ports = { vnApi: server.vnPort(), operator: server.operatorPort() };
  writeRunFile(data, "aggregator", ports, listening.advertisedHost);
  return {
    async close() {
      ticks.cancel();
      await server.close();
      await outbox.close();
    },
  };
}
