import type { Disk } from "@gridpact/host";
import { accept, type Checked, refuse } from "./refusal.ts";
import type { Terms } from "./terms.ts";

const PATH = "consents.json";

/** Contracts remembered at once; one device has one or two a day, and they are forgotten a day after their end. */
export const CONSENTS_MAX = 64;

/** Proposals for one contract: the first, and new ones when the ledger had a conflict. */
export const TRANSACTIONS_PER_CONSENT_MAX = 16;

/** Transactions are asked about for a while after their event. */
const KEPT_AFTER_END_MS = 86_400_000;

/** An amendment that the device has signed. */
export type SignedAmendment = {
  amendmentNo: number;
  hashHex: string;
  /** Start of the first interval that it changes: it cannot count any more when it has not been made by then. */
  fromUnixMs: number;
  /** Decimal text, as bigint has none in JSON. */
  orderedWh: string[];
  penaltyCapMicro: string;
};

/** A proposal that the device has signed, by its transaction. */
export type SignedProposal = { transactionId: string; proposalHashHex: string };

type Consent = {
  contractId: string;
  termsHashHex: string;
  endUnixMs: number;
  /** None where the device consented without a transaction of its own. */
  transactions: SignedProposal[];
  /** By number; those that never came to count are still here, none of a higher number then. */
  amendments: SignedAmendment[];
};

/** As devices wrote it that knew of no amendments. */
type StoredConsent = Omit<Consent, "amendments"> & Partial<Pick<Consent, "amendments">>;

/**
 * What the device has signed, durably before the signature leaves it: once it has agreed to terms of a contract, it
 * agrees to no others of the same contract.
 */
export class ConsentBook {
  readonly #disk: Disk;
  #consents: Consent[];

  private constructor(disk: Disk, consents: Consent[]) {
    this.#disk = disk;
    this.#consents = consents;
  }

  static async open(disk: Disk): Promise<ConsentBook> {
    const stored = await disk.read(PATH);
    const consents = stored === undefined ? [] : (JSON.parse(Buffer.from(stored).toString()) as StoredConsent[]);
    return new ConsentBook(
      disk,
      consents.map((each) => ({ ...each, amendments: each.amendments ?? [] })),
    );
  }

  /** Remembers that these terms are being signed, in a proposal or alone, or says why they must not be. */
  async remember(terms: Terms, proposal: SignedProposal | undefined, nowUnixMs: number): Promise<Checked<undefined>> {
    const open = this.#consents.filter(({ endUnixMs }) => endUnixMs + KEPT_AFTER_END_MS > nowUnixMs);
    const { contractId, termsHashHex, endUnixMs } = terms;
    const known = open.find((consent) => consent.contractId === contractId);
    if (known !== undefined && known.termsHashHex !== termsHashHex) return refuse("terms_changed");
    const transactions = [...(known?.transactions ?? []), ...(proposal === undefined ? [] : [proposal])];
    const others = open.filter((consent) => consent !== known);
    if (others.length >= CONSENTS_MAX || transactions.length > TRANSACTIONS_PER_CONSENT_MAX) return refuse("too_many");
    const { amendments = [] } = known ?? {};
    await this.#store([...others, { contractId, termsHashHex, endUnixMs, transactions, amendments }]);
    return accept(undefined);
  }

  /** Remembers that an amendment of terms that were agreed to is being signed, in place of one that lapsed. */
  async rememberAmendment({ contractId }: Terms, amendment: SignedAmendment): Promise<void> {
    const consents = this.#consents.map((each) => {
      if (each.contractId !== contractId) return each;
      const others = each.amendments.filter(({ amendmentNo }) => amendmentNo < amendment.amendmentNo);
      return { ...each, amendments: [...others, amendment] };
    });
    await this.#store(consents);
  }

  /** The amendment of a number that was signed for a contract last. */
  findAmendment({ contractId }: Terms, amendmentNo: number): SignedAmendment | undefined {
    const consent = this.#consents.find((each) => each.contractId === contractId);
    return consent?.amendments.find((each) => each.amendmentNo === amendmentNo);
  }

  async #store(consents: Consent[]): Promise<void> {
    await this.#disk.replace(PATH, Buffer.from(JSON.stringify(consents)));
    this.#consents = consents;
  }

  /** Whether anything that it agreed to is still to be delivered. */
  hasOpen(nowUnixMs: number): boolean {
    return this.#consents.some(({ endUnixMs }) => endUnixMs > nowUnixMs);
  }

  /** Whether these very terms have been signed before. */
  hasAgreed({ contractId, termsHashHex }: Terms): boolean {
    return this.#consents.some((each) => each.contractId === contractId && each.termsHashHex === termsHashHex);
  }

  /** The signed proposal of a transaction, if it was signed here. */
  find(transactionId: string): { proposalHashHex: string } | undefined {
    const all = this.#consents.flatMap(({ transactions }) => transactions);
    return all.find((transaction) => transaction.transactionId === transactionId);
  }
}
