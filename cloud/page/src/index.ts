export { type Page, servePage } from "./serve-page.ts";
