/** What the node as a whole will draw, issued a few times a day and kept with what was known then. */
export { issueOutlook } from "./issue-outlook.ts";
export { OutlookStore } from "./outlook-store.ts";
