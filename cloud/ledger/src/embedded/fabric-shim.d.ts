/** Types of the parts of fabric-shim and fabric-contract-api that run contracts and that they do not declare. */

declare module "fabric-shim/lib/contract-spi/chaincodefromcontract.js" {
  import type { Contract } from "fabric-contract-api";
  import type { ChaincodeStub } from "fabric-shim";

  export default class ChaincodeFromContract {
    constructor(
      contracts: (new () => Contract)[],
      serializers: { transaction: string; serializers: Record<string, unknown> },
    );
    Init(stub: ChaincodeStub): Promise<{ status: number; message?: string; payload?: Uint8Array }>;
    Invoke(stub: ChaincodeStub): Promise<{ status: number; message?: string; payload?: Uint8Array }>;
  }
}

declare module "fabric-shim/lib/stub.js" {
  import { ChaincodeStub } from "fabric-shim";

  export default class Stub extends ChaincodeStub {
    constructor(
      handler: object,
      channelName: string,
      transactionId: string,
      input: { getArgsList_asU8(): Uint8Array[] },
      signedProposal: { getSignature(): Uint8Array | string; getProposalBytes(): Uint8Array | string },
    );
    readonly chaincodeEvent?: { getEventName(): string; getPayload_asU8(): Uint8Array };
  }
}

declare module "fabric-shim/lib/server.js" {
  import { ChaincodeServer } from "fabric-shim";

  export default ChaincodeServer;
}

declare module "fabric-shim/lib/utils/statebased.js" {
  export { KeyEndorsementPolicy as default } from "fabric-shim";
}

declare module "fabric-shim/lib/logger.js" {
  const logger: { getLogger(name: string): { silent: boolean; exceptions: { unhandle(): void } } };
  export default logger;
}

declare module "fabric-contract-api/lib/logger.js" {
  const logger: { getLogger(name: string): { silent: boolean; exceptions: { unhandle(): void } } };
  export default logger;
}
