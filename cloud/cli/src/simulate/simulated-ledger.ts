import { collections, contracts } from "@gridpact/contracts";
import { type Clock, type SeededRandom, silentLog } from "@gridpact/host";
import {
  CHAINCODE_NAME,
  EmbeddedGateway,
  EmbeddedLedger,
  GatewayLedger,
  inProcessClient,
  type Ledger,
  type LedgerIdentity,
} from "@gridpact/ledger";
import { channelConsortium, ledgerNodes } from "../consortium/channel-consortium.ts";
import { type Consortium, memberOf } from "../consortium/consortium.ts";
import type { Incarnation } from "./incarnation.ts";
import { type OwnMachine, SimulatedProcess } from "./simulated-process.ts";
import { SwitchableGateway } from "./switchable-gateway.ts";

/** The embedded ledger as a simulated process, with clients that survive its crashes as real ones do. */
export class SimulatedLedger extends SimulatedProcess {
  readonly #consortium: Consortium;
  readonly #random: SeededRandom;
  readonly #gateway = new SwitchableGateway();
  #clientCount = 0;

  constructor(consortium: Consortium, random: SeededRandom, world: Clock) {
    super(random.fork("disk"), world);
    this.#consortium = consortium;
    this.#random = random;
  }

  /** A client that signs as a member and goes by the clock of the process that uses it. */
  clientOf(member: string | LedgerIdentity, clock: Clock): Ledger {
    const identity = typeof member === "string" ? memberOf(this.#consortium, member) : member;
    // Numbered, as two clients that drew the same nonces would make the same transaction ids.
    this.#clientCount += 1;
    const random = this.#random.fork(`client/${this.#clientCount}`);
    return new GatewayLedger({ client: inProcessClient(this.#gateway), identity }, { random, clock });
  }

  protected async live(incarnation: Incarnation, { clock, disk }: OwnMachine): Promise<void> {
    const ledger = await EmbeddedLedger.open(
      {
        consortium: channelConsortium(this.#consortium),
        ...ledgerNodes(this.#consortium),
        chaincodes: [{ name: CHAINCODE_NAME, contracts, collections }],
      },
      {
        disk,
        clock,
        random: this.#random.fork(`life/${this.crashes()}`),
        log: silentLog,
        onFatal: () => undefined,
      },
    );
    if (!incarnation.isAlive()) return;
    this.#gateway.connect({ service: new EmbeddedGateway(ledger, { clock }), incarnation });
  }

  protected died(): void {
    this.#gateway.connect(undefined);
  }
}
