export { type Page, serveApp, servePage } from "./serve-page.ts";
