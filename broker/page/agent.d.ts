/** Runs when loaded: draws into the document what `/api/v1/agent` tells. */
export {};
