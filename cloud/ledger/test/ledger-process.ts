/** An embedded ledger as a process of its own, for tests that kill it. Prints its port when it is ready. */
import { nodeDisk, SeededRandom, silentLog, systemRandom, wallClock } from "@gridpact/host";
import { runEmbeddedLedger } from "../src/index.ts";
import { CounterContract } from "./network.ts";
import { servedNetwork } from "./served-network.ts";

const [directory = "", seed = ""] = process.argv.slice(2);
const clock = wallClock();
const { network, tls } = servedNetwork(new SeededRandom(seed));
const running = await runEmbeddedLedger(
  {
    ...network,
    chaincodes: [{ name: "gridpact", contracts: [CounterContract] }],
    // Every few blocks, so that it is killed between two of them.
    changesBytesMax: 2_000,
    gateway: { host: "127.0.0.1", port: 0, tls },
  },
  {
    disk: nodeDisk(directory),
    clock,
    random: systemRandom,
    log: silentLog,
    onFatal: (error) => {
      throw error;
    },
  },
);
process.stdout.write(`${running.port}\n`);
