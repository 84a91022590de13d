export { completeContracts } from "./complete-contracts.ts";
export { expireRequests } from "./expire-requests.ts";
export { finishEvent } from "./finish-event.ts";
export { placeRequests } from "./place-requests.ts";
export { ProgrammePublisher } from "./publish-programme.ts";
export { registerNodes } from "./register-nodes.ts";
export { setUpContracts } from "./set-up-contracts.ts";
