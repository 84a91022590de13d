export { ExchangeError, type ExchangeErrorCode } from "./exchange-error.ts";
export { HttpTransport, type HttpTransportOptions } from "./http-transport.ts";
export { type MessageSecurity, openMessage, sealMessage } from "./message-security.ts";
export { signingIdentity, type TlsMaterial, tlsOptions } from "./tls.ts";
export { createXmlServer } from "./xml-server.ts";
