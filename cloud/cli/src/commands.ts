import { join } from "node:path";
import { MOVES_POLICIES, type MovesPolicy, STRATEGIES, type Strategy } from "@gridpact/aggregator";
import { Argument, type Command, InvalidArgumentError, Option } from "commander";
import { runAudit } from "./audit/run-audit.ts";
import { runVerifyAudit } from "./audit/run-verify-audit.ts";
import { runBalance } from "./balance/run-balance.ts";
import { addClusters } from "./clusters/add-clusters.ts";
import { trustPath } from "./consortium/consortium-files.ts";
import { openAccounts } from "./demo/open-accounts.ts";
import { prepare } from "./demo/prepare.ts";
import { runDemo } from "./demo/run-demo.ts";
import { startStoryClock } from "./demo/start-story-clock.ts";
import { addDispute } from "./disputes/add-dispute.ts";
import { runEmissions } from "./emissions/run-emissions.ts";
import { runExplain } from "./explain/run-explain.ts";
import { addFabric } from "./fabric/add-fabric.ts";
import { perMille, portNumber, positive, wholeNumber } from "./flag-values.ts";
import { writeLoadProfile } from "./loadtest/load-profile.ts";
import { addOpenAdr } from "./openadr/add-open-adr.ts";
import { runAggregatorPart } from "./parts/aggregator-part.ts";
import { runDsoPart } from "./parts/dso-part.ts";
import { runFeidsPart } from "./parts/feids-part.ts";
import { runLedgerPart } from "./parts/ledger-part.ts";
import { OPENADR_PROFILES, type OpenAdrProfile } from "./parts/openadr-state.ts";
import { openPart } from "./parts/part.ts";
import { type PartFlags, runPart } from "./parts/run-part.ts";
import { runVnPart } from "./parts/vn-part.ts";
import { dataDirectoryOf, existingDataDirectory, openDataDirectory } from "./process/data-directory.ts";
import { addProsumer } from "./prosumer/add-prosumer.ts";
import { runReplay } from "./replay/run-replay.ts";
import { runClusterWeeks, runSimulate } from "./simulate/run-simulate.ts";
import { addSupply } from "./supply/add-supply.ts";
import { runVerify } from "./verify/run-verify.ts";
import { addWal } from "./wal/add-wal.ts";
import { VN_IDS } from "./wiring/market.ts";
import { type RetentionFlags, retentionConfig } from "./wiring/retention-config.ts";
import { storeConfig } from "./wiring/store-config.ts";

type Write = (text: string) => void;

const DATA_DEFAULT = "./.gridpact";

/** Five minutes of the day in a second: a market time unit takes 3 s. */
const SPEED_DEFAULT = 300;

const OPERATOR_PORT_DEFAULT = 8_080;

/** A virtual node of a village; each device keeps one envelope under way. */
const LOAD_DEVICES_DEFAULT = 20;

/** Adds every command; each is parsed here and done elsewhere. */
export function addCommands(program: Command, write: Write): void {
  addDemo(program, write);
  addVerify(program, write);
  addAudit(program, write);
  addVerifyAudit(program, write);
  addReplay(program, write);
  addExplain(program, write);
  addBalance(program, write);
  addClusters(program, write, DATA_DEFAULT);
  addEmissions(program, write);
  addSimulate(program, write);
  addParts(program);
  addInit(program, write);
  addOpenAccounts(program, write);
  addLoadProfile(program, write);
  addOpenAdr(program, write);
  addWal(program, write);
  addFabric(program, write, DATA_DEFAULT);
  addDispute(program, write, DATA_DEFAULT);
  addSupply(program, write, DATA_DEFAULT);
  addProsumer(program, write, DATA_DEFAULT);
}

function addDemo(program: Command, write: Write): void {
  program
    .command("demo", { isDefault: true })
    .description("start everything, play one demand-response day, keep running (what `npm start` does)")
    .option("--once", "end after the story", false)
    .option("--fresh", "forget the state of earlier runs", false)
    .option("--json <file>", "write the machine-readable summary")
    .option("--data <directory>", "where all state is kept", DATA_DEFAULT)
    .option("--speed <factor>", "how much faster than real the day is played", positive, SPEED_DEFAULT)
    .option("--operator-port <port>", "port of the live page; 0 takes a free one", portNumber, OPERATOR_PORT_DEFAULT)
    .addOption(openAdrOption())
    .option("--influxdb <url>", "store readings in this InfluxDB 2 (token in INFLUXDB_TOKEN) instead of SQLite")
    .action(async (flags) => {
      const { once, fresh, json, data, speed, operatorPort, openadr: profile, influxdb } = flags;
      process.exitCode = await runDemo(
        {
          dataPath: data,
          isFresh: fresh,
          isOnce: once,
          speed,
          operatorPort,
          profile,
          ...(json && { jsonPath: json }),
          ...(influxdb && { influxdbUrl: influxdb }),
        },
        write,
      );
      process.exit();
    });
}

function addVerify(program: Command, write: Write): void {
  program
    .command("verify")
    .description("check receipts offline: signatures, inclusion, anchors, blocks, baseline, settlement, payment")
    .argument("[paths...]", "receipts or directories of them; by default those of the data directory")
    .option("--trust <file>", "whom to believe; by default the consortium of the data directory")
    .option("--data <directory>", `data directory of a run; by default that of the first path, or ${DATA_DEFAULT}`)
    .option("--json", "print JSON", false)
    .action((paths: string[], flags: { trust?: string; data?: string; json: boolean }) => {
      const data = flags.data ?? dataDirectoryOf(paths) ?? DATA_DEFAULT;
      const trust = flags.trust ?? trustPath(existingDataDirectory(data));
      const wanted = paths.length > 0 ? paths : [join(data, "receipts")];
      process.exitCode = runVerify(wanted, { json: flags.json, trustPath: trust }, write);
    });
}

function addAudit(program: Command, write: Write): void {
  program
    .command("audit")
    .description(
      "recompute every payment from the ledger's blocks and the evidence in them, and compare them with every outbox",
    )
    .option("--data <directory>", "data directory of a run", DATA_DEFAULT)
    .option("--fabric", "audit the Fabric network of the data directory instead of the embedded ledger", false)
    .option("--out <file>", "write the verdict, signed by the consortium's auditor; see verify-audit")
    .option("--json", "print JSON", false)
    .action(async (flags: { data: string; json: boolean; fabric: boolean; out?: string }) => {
      const { data, json, fabric, out } = flags;
      const options = { dataDirectory: data, json, fabric, ...(out !== undefined && { outPath: out }) };
      process.exitCode = await runAudit(options, { write, tell: (line) => process.stderr.write(`${line}\n`) });
    });
}

function addVerifyAudit(program: Command, write: Write): void {
  program
    .command("verify-audit")
    .description("check offline that an auditor of the consortium signed a verdict, and what it says")
    .argument("<file>", "what `gridpact audit --out` wrote")
    .option("--trust <file>", "whom to believe; by default the consortium of the data directory")
    .option("--data <directory>", "data directory of a run", DATA_DEFAULT)
    .option("--json", "print JSON", false)
    .action((path: string, { trust, data, json }: { trust?: string; data: string; json: boolean }) => {
      const believed = trust ?? trustPath(existingDataDirectory(data));
      process.exitCode = runVerifyAudit({ path, trustPath: believed, json }, write);
    });
}

function addReplay(program: Command, write: Write): void {
  program
    .command("replay")
    .description("take a decision of the aggregator again from its inputs, and compare to the last bit")
    .argument("<decision>", "id of an event in the data directory, or the file of a decision")
    .option("--data <directory>", "data directory of a run", DATA_DEFAULT)
    .option("--json", "print JSON", false)
    .action((decision: string, flags: { data: string; json: boolean }) => {
      process.exitCode = runReplay({ decision, dataDirectory: flags.data, json: flags.json }, write);
    });
}

function addExplain(program: Command, write: Write): void {
  program
    .command("explain")
    .description("why each prosumer was called in an event or not, its share of calls, and what it would have earned")
    .argument("<event>", "id of an event in the data directory")
    .option("--prosumer <deviceId>", "one prosumer only, in more words")
    .option("--data <directory>", "data directory of a run", DATA_DEFAULT)
    .option("--json", "print JSON", false)
    .action(async (eventId: string, flags: { prosumer?: string; data: string; json: boolean }) => {
      const { prosumer: deviceId, data: dataDirectory, json } = flags;
      process.exitCode = await runExplain({ eventId, dataDirectory, json, ...(deviceId && { deviceId }) }, write);
    });
}

function addBalance(program: Command, write: Write): void {
  program
    .command("balance")
    .description("what each node kept inside on its newest day, its peak, and what prosumers shared with each other")
    .option("--data <directory>", "data directory of a run", DATA_DEFAULT)
    .option("--json", "print JSON", false)
    .action(async (flags: { data: string; json: boolean }) => {
      await runBalance({ dataDirectory: flags.data, json: flags.json }, write);
    });
}

/** Washing, charging and heat buffers are about a third of a household's use; the owner knows better. */
const SHIFTABLE_PER_MILLE_DEFAULT = 300;

/** As much of what a home battery takes comes out again; its maker says so on the plate. */
const BATTERY_EFFICIENCY_PER_MILLE = 900;

function addEmissions(program: Command, write: Write): void {
  program
    .command("emissions")
    .description("what households would have emitted, had they waited for cleaner hours or run a battery by carbon")
    .requiredOption("--load <file>", "CSV, hourly: ts, then kWh of each household")
    .requiredOption("--carbon <file>", "CSV, hourly: ts, and a column carbon_kg_per_kwh")
    .option("--shiftable <perMille>", "share of the load that may wait", perMille, SHIFTABLE_PER_MILLE_DEFAULT)
    .option("--battery-wh <energy>", "usable energy of a battery", positive)
    .option("--battery-w <power>", "its power; half its energy in an hour by default", positive)
    .option("--json", "print JSON", false)
    .action((flags, command: Command) => {
      const { load, carbon, shiftable, batteryWh, batteryW, json } = flags;
      if (batteryW !== undefined && batteryWh === undefined) command.error("--battery-w needs --battery-wh");
      const powerWMax = batteryW ?? Math.ceil((batteryWh ?? 0) / 2);
      const efficiencyPerMille = BATTERY_EFFICIENCY_PER_MILLE;
      const battery = batteryWh === undefined ? null : { energyWhMax: batteryWh, powerWMax, efficiencyPerMille };
      const means = { shiftablePerMille: shiftable, battery };
      runEmissions({ loadPath: load, carbonPath: carbon, means, json }, write);
    });
}

function addSimulate(program: Command, write: Write): void {
  program
    .command("simulate")
    .description("play the same day in one process on a virtual clock, network and disk")
    .option("--seed <seed>", "decides everything that is drawn", "1")
    .option("--faults", "lose, double and reorder messages, and crash processes, by seed", false)
    .option(
      "--cluster-weeks <count>",
      "instead: so many weeks of events with and without moves between nodes",
      positive,
    )
    .option("--json <file>", "write the machine-readable summary")
    .action(async (flags) => {
      const { seed, faults, json, clusterWeeks: weeks } = flags;
      if (weeks !== undefined) {
        runClusterWeeks({ seed, weeks, ...(json && { jsonPath: json }) }, write);
        return;
      }
      process.exitCode = await runSimulate({ seed, hasFaults: faults, ...(json && { jsonPath: json }) }, write);
    });
}

type VnFlags = PartFlags & RetentionFlags & { influxdb?: string; engine?: "native" | "twin"; openadr: OpenAdrProfile };

type AggregatorFlags = PartFlags & {
  operatorPort: number;
  exposeOperatorWithoutLoginOn?: string;
  vtnPort: number;
  openadr: OpenAdrProfile;
  dso: boolean;
  strategy: Strategy;
  moves: MovesPolicy;
};

function openAdrOption(): Option {
  const description = "the profile of OpenADR that requests travel by";
  return new Option("--openadr <profile>", description).choices(OPENADR_PROFILES).default(OPENADR_PROFILES[0]);
}

function addParts(program: Command): void {
  part(program.command("ledger").description("run the embedded ledger")).action((flags: PartFlags) =>
    runPart("ledger", flags, runLedgerPart),
  );
  part(program.command("aggregator").description("run the aggregator"))
    .option("--operator-port <port>", "port of the live page", portNumber, OPERATOR_PORT_DEFAULT)
    .option("--expose-operator-without-login-on <address>", "in a container only: serve the live page beyond loopback")
    .option("--vtn-port <port>", "port of the OpenADR VTN for virtual nodes; a free one by default", portNumber, 0)
    .addOption(openAdrOption())
    .option("--dso", "take the events of the DSO that runs on the same data directory", false)
    .addOption(new Option("--strategy <name>", "what is wanted most of an event").choices(STRATEGIES).default("cost"))
    .addOption(
      new Option("--moves <policy>", "whether moves between nodes wait for `clusters apply`, or are approved at once")
        .choices(MOVES_POLICIES)
        .default("propose"),
    )
    .action((flags: AggregatorFlags) => {
      const { operatorPort: port, exposeOperatorWithoutLoginOn: exposedWithoutLoginOn } = flags;
      const { vtnPort, dso: hasDso, openadr: profile, strategy, moves } = flags;
      const operatorApi = { port, ...(exposedWithoutLoginOn && { exposedWithoutLoginOn }) };
      return runPart("aggregator", flags, (context) =>
        runAggregatorPart({ operatorApi, profile, vtnPort, hasDso, strategy, moves }, context),
      );
    });
  part(program.command("dso").description("run a distribution system operator: an OpenADR VTN above the aggregator"))
    .addOption(openAdrOption())
    .option("--admin-port <port>", "port of the interface that 2.0b events are made by, on loopback", portNumber, 0)
    .action((flags: PartFlags & { openadr: OpenAdrProfile; adminPort: number }) => {
      const { openadr: profile, adminPort } = flags;
      return runPart("dso", flags, (context) => runDsoPart({ profile, adminPort }, context));
    });
  part(program.command("vn").description("run a virtual node's host"))
    .addArgument(new Argument("<vnId>", "which virtual node").choices(VN_IDS))
    .option("--influxdb <url>", "store readings in this InfluxDB 2 (token in INFLUXDB_TOKEN) instead of SQLite")
    .addOption(new Option("--engine <kind>", "which engine verifies").choices(["native", "twin"]))
    .addOption(openAdrOption())
    .option(
      "--keep-log-days <days>",
      "retire closed segments of the log that are older; all are kept by default",
      dayCount,
    )
    .option("--log-archive <directory>", "move retired segments there; must exist")
    .option("--delete-log-without-archive", "retired segments are gone for good", false)
    .action((vnId: string, flags: VnFlags) =>
      runPart(`vn-${vnId}`, flags, (context) => {
        const store = storeConfig(context.data, vnId, flags.influxdb);
        const { openadr: profile, engine } = flags;
        const retention = retentionConfig(flags);
        return runVnPart({ vnId, profile, store, retention, ...(engine && { engine }) }, context);
      }),
    );
  part(program.command("feids").description("run the FEIDs of the demonstration fleet")).action((flags: PartFlags) =>
    runPart("feids", flags, runFeidsPart),
  );
}

function part(command: Command): Command {
  return command
    .option("--data <directory>", "data directory made by `gridpact init`", DATA_DEFAULT)
    .option("--listen <address>", "address to listen on", "127.0.0.1")
    .option("--advertise <host>", "name under which the other parts reach this one")
    .option("--port <port>", "port of the main listener; a free one by default", portNumber);
}

function addInit(program: Command, write: Write): void {
  program
    .command("init")
    .description("make keys, certificates and secrets for a system that is started part by part")
    .option("--data <directory>", "where to keep them", DATA_DEFAULT)
    .option("--server-name <name...>", "further names in the certificates of ledger and aggregator", [])
    .option("--play-day <factor>", "go by the demonstration's day, so much faster than real, from now on", positive)
    .action((flags: { data: string; serverName: string[]; playDay?: number }) => {
      const data = openDataDirectory(flags.data, { isFresh: false });
      // Before the certificates, which have to hold at the time of that day.
      if (flags.playDay !== undefined) startStoryClock(data, flags.playDay);
      prepare(data, flags.serverName);
      write(`${data.root} is ready\n`);
    });
}

function addLoadProfile(program: Command, write: Write): void {
  program
    .command("load-profile")
    .description("issue enrolment tokens at a running virtual node and write what the load test needs of it")
    .option("--data <directory>", "data directory of the virtual node", DATA_DEFAULT)
    .requiredOption("--vn <vnId>", "which virtual node")
    .option("--devices <count>", "how many devices", wholeNumber, LOAD_DEVICES_DEFAULT)
    .requiredOption("--out <file>", "where to write the profile; only its owner can read it")
    .action(async ({ data, vn, devices, out }) => {
      await writeLoadProfile({ dataPath: data, vnId: vn, devices, outPath: out }, write);
    });
}

function addOpenAccounts(program: Command, write: Write): void {
  program
    .command("open-accounts")
    .description("mint what the accounts of the demonstration's consortium hold at first; has effect once")
    .option("--data <directory>", "data directory of a system whose ledger runs", DATA_DEFAULT)
    .action(async (flags: { data: string }) => {
      const listening = { host: "127.0.0.1", advertisedHost: "127.0.0.1", port: 0 };
      await openAccounts(openPart("open-accounts", existingDataDirectory(flags.data), listening));
      write("accounts are opened\n");
      process.exit();
    });
}

function dayCount(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new InvalidArgumentError("a whole number of days is needed");
  return Number(text);
}
