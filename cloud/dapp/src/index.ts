/** Public face of @gridpact/dapp: how the web app is built. */
export { APP_FILES, buildApp, buildScript } from "./build-app.ts";
