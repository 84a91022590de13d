import { SUPPLY_COLLECTION } from "../supply/index.ts";
import type { CollectionDefinition } from "../transaction/index.ts";

/** The chaincode's private data collections, part of its deployment; apart from contracts, for who only verifies. */
export const collections: readonly CollectionDefinition[] = [SUPPLY_COLLECTION];
