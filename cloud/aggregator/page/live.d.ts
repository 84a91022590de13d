/** Runs when loaded: draws into the document whatever `/api/v1/live` sends. */
export {};
