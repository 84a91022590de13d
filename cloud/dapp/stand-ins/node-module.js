/** In the place of `node:module`: the one library that is required, and not imported, is in the build already. */
import * as protobuf from "google-protobuf";

export function createRequire() {
  return (name) => {
    if (name !== "google-protobuf") throw new RangeError(`${name} is not part of this build`);
    return protobuf.default ?? protobuf;
  };
}
