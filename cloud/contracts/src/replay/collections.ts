import { SUPPLY_COLLECTION } from "../supply/index.ts";
import type { CollectionDefinition } from "../transaction/index.ts";

/** Private data collections of the chaincode, as they are part of its deployment; apart from it, for who only verifies. */
export const collections: readonly CollectionDefinition[] = [SUPPLY_COLLECTION];
