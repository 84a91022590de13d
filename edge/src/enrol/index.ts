/** How a device gets its key and becomes a member of its virtual node. */
export { openDeviceKey, privateKeyPem, readDeviceKey } from "./device-key.ts";
export type { EnrolmentOptions, Membership } from "./enrolment.ts";
export { enrol, requestMembership, storedMembership, storeMembership } from "./enrolment.ts";
export type { EnrolmentErrorCode } from "./enrolment-error.ts";
export { EnrolmentError } from "./enrolment-error.ts";
export type { Post } from "./https-post.ts";
export { httpsPost } from "./https-post.ts";
