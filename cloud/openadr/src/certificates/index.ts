export {
  createThrowAwayAuthority,
  type IssuedCertificate,
  type ThrowAwayAuthority,
} from "./throw-away-authority.ts";
