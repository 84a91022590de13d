export { type DocumentStore, keyOf, keysUnder } from "./document-store.ts";
export { SqliteDocumentStore, StorageError } from "./sqlite-document-store.ts";
