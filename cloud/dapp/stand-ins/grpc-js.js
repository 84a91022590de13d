/** In the place of `@grpc/grpc-js`: generated messages come with clients of their services, which nobody makes here. */
export function makeGenericClientConstructor() {
  return class {};
}
