/** How long the log keeps what nobody needs any more. */
export { Retention, type RetentionCounts, type RetentionPolicy } from "./retention.ts";
export {
  KEEP_DAYS_MAX,
  KEEP_DAYS_MIN,
  type RetentionConfig,
  retentionFault,
  retentionPolicy,
} from "./retention-config.ts";
