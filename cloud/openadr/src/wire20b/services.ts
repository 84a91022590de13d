/** The five endpoints of the profile [OADR2.0b]. */
export const SERVICES = ["EiRegisterParty", "EiEvent", "EiReport", "EiOpt", "OadrPoll"] as const;

/** One of `SERVICES`: the last part of an address. */
export type ServiceName = (typeof SERVICES)[number];

/** The path the profile prescribes in front of a service's name for HTTP transports [OADR2.0b]. */
export const HTTP_PATH = "/OpenADR2/Simple/2.0b";
