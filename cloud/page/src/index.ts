export { type BuiltApp, type Page, serveApp, servePage } from "./serve-page.ts";
