import { SeededRandom, SimulatedDisk, silentLog, VirtualClock } from "@gridpact/host";
import { type Context, Contract } from "fabric-contract-api";
import { testNetwork } from "../../test/network.ts";
import { EmbeddedGateway, EmbeddedLedger } from "../embedded/index.ts";
import { type GatewayService, inProcessClient } from "../gateway/index.ts";
import { CHAINCODE_NAME, GatewayLedger, type GatewayLedgerOptions } from "./gateway-ledger.ts";

/** A contract for tests: counters that can only be incremented. */
class CounterContract extends Contract {
  constructor() {
    super("counter");
  }

  async Add(ctx: Context, argument: string): Promise<string> {
    const { key } = JSON.parse(argument) as { key: string };
    if (key === "refused") throw new Error("SC1_EXISTS: no such counter for you");
    const count = Number(await ctx.stub.getState(key)) + 1;
    await ctx.stub.putState(key, Buffer.from(String(count)));
    ctx.stub.setEvent("counter.Added", Buffer.from(JSON.stringify({ count, key })));
    return JSON.stringify({ count, secret: ctx.stub.getTransient().get("secret")?.toString() ?? null });
  }

  async Get(ctx: Context, argument: string): Promise<string> {
    const { key } = JSON.parse(argument) as { key: string };
    return JSON.stringify({ argument, count: Number(await ctx.stub.getState(key)) });
  }
}

const START_UNIX_MS = Date.UTC(2016, 0, 28);

/** A whole embedded ledger with counters on it, and one client; same seed, same bytes. */
export async function counterNetwork(
  seed: string,
  through: (service: GatewayService) => GatewayService = (it) => it,
  options: Pick<GatewayLedgerOptions, "refusals"> = {},
) {
  const random = new SeededRandom(seed);
  const clock = new VirtualClock(START_UNIX_MS);
  const disk = new SimulatedDisk(random.fork("disk"));
  const { consortium, orderers, peers, issue } = testNetwork({ random: random.fork("identities"), clock });
  const embedded = await EmbeddedLedger.open(
    { consortium, orderers, peers, chaincodes: [{ name: CHAINCODE_NAME, contracts: [CounterContract] }] },
    {
      disk,
      clock,
      random: random.fork("ledger"),
      log: silentLog,
      onFatal: (error) => {
        throw error;
      },
    },
  );
  const identity = issue({ mspId: "VnMSP", commonName: "vn", kind: "client" });
  const device = issue({ mspId: "VnMSP", commonName: "feid-1", kind: "client" });
  const service = through(new EmbeddedGateway(embedded, { clock }));
  const ledger = new GatewayLedger(
    { client: inProcessClient(service), identity, ...options },
    { random: random.fork("client"), clock },
  );
  return { ledger, clock, disk, device };
}
