import contractApiLogger from "fabric-contract-api/lib/logger.js";
import shimLogger from "fabric-shim/lib/logger.js";

const SHIM_LOGGERS = ["contracts-spi/chaincodefromcontract.js", "contracts-spi/datamarshall.js", "lib/chaincode.js"];
const STUB_LOGGERS = ["lib/stub.js", "lib/iterators.js", "lib/handler.js"];
const CONTRACT_API_LOGGERS = ["./lib/contract.js", "./lib/jsontransactionserializer.js"];

/** Name of the logger that both packages make to catch what nobody else caught. */
const CATCH_ALL_LOGGER = "_";

/**
 * Made for a container of their own, the Fabric packages take hold of the process when they are loaded: they log every
 * refused transaction to the console, format even the debug lines that nobody sees (a third of the time of a small
 * transaction), and keep the process alive after an uncaught exception or an unhandled rejection. The last is a danger
 * to durability: a ledger that cannot write MUST end.
 */
export function quietenFabric(): void {
  for (const name of [...SHIM_LOGGERS, ...STUB_LOGGERS]) shimLogger.getLogger(name).silent = true;
  for (const name of CONTRACT_API_LOGGERS) contractApiLogger.getLogger(name).silent = true;
  for (const logger of [shimLogger, contractApiLogger]) logger.getLogger(CATCH_ALL_LOGGER).exceptions.unhandle();
  for (const listener of process.listeners("unhandledRejection")) {
    if (listener.name === "loggerUnhandledRejectionFn") process.off("unhandledRejection", listener);
  }
}
