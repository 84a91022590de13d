import {
  EmbeddedGateway,
  EmbeddedLedger,
  type EmbeddedLedgerModules,
  type EmbeddedLedgerOptions,
} from "./embedded/index.ts";
import { type GatewayServerOptions, serveGateway } from "./server/index.ts";

/** `gateway` is where it is served; everything else is the ledger's own. */
export type EmbeddedLedgerConfig = EmbeddedLedgerOptions & { gateway: GatewayServerOptions };

/** `close` commits what was taken in, then ends the server and the files. */
export type RunningLedger = {
  /** TCP port on which the gateway listens. */
  port: number;
  ledger: EmbeddedLedger;
  close(): Promise<void>;
};

/**
 * Opens the embedded ledger and serves it over gRPC and TLS.
 * @throws what EmbeddedLedger.open and serveGateway throw; nothing stays open then.
 */
export async function runEmbeddedLedger(
  config: EmbeddedLedgerConfig,
  modules: EmbeddedLedgerModules,
): Promise<RunningLedger> {
  const ledger = await EmbeddedLedger.open(config, modules);
  const service = new EmbeddedGateway(ledger, modules);
  try {
    const server = await serveGateway(config.gateway, { service, log: modules.log });
    const close = async () => {
      // In this order, so that clients still hear what became of what they had submitted.
      await ledger.drain();
      await server.close();
      await ledger.close();
    };
    return { port: server.port, ledger, close };
  } catch (error) {
    await ledger.close();
    throw error;
  }
}
