export { DocumentStore, StoreFullError } from "./document-store.ts";
