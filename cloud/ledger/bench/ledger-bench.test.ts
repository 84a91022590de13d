import { expect, test } from "vitest";
import { benchLedger } from "./ledger-bench.ts";

test.each(["in-process", "grpc"] as const)(
  "the bench of the ledger %s still measures what it says",
  async (transport) => {
    const result = await benchLedger({ transport, transactions: 20, concurrency: 4 });
    expect(result).toMatchObject({ transport, transactions: 20, headHashHex: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(result.transactionsPerSecond).toBeGreaterThan(0);
    expect(result.blocks).toBeGreaterThan(2);
  },
);
