/** In the place of `fabric-contract-api`: what contracts are derived from, where none of them is ever run. */
export class Context {}

export class Contract {}
