/** Public face of the store step: accepted readings for people and forecasts. */
export { InfluxReadingStore } from "./influx-reading-store.ts";
export type { InfluxOptions } from "./influx-writer.ts";
export type { HistoryPoint, HistoryQuery, ReadingStore } from "./reading-store.ts";
export { StoreError } from "./reading-store.ts";
export { SqliteReadingStore } from "./sqlite-reading-store.ts";
export { StoreFeed } from "./store-feed.ts";
