/** From an answer to contracts: SC1 accepted, SC2 offered, consents by the devices' own signatures. */
export { acceptContract } from "./accept-contract.ts";
export { ConsentDesk } from "./consent-desk.ts";
export { devicePrice, payForKwh } from "./device-price.ts";
export { obtainConsents } from "./obtain-consents.ts";
export { offerContracts } from "./offer-contracts.ts";
export { penaltyCapFor, sc2Terms } from "./sc2-terms.ts";
export { SignatureExchange } from "./signature-exchange.ts";
