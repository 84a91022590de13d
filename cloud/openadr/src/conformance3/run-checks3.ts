import { type CheckResult, require, runCheck } from "../conformance20b/index.ts";
import { CHECKS_3, type Stage } from "./checks3.ts";
import { Conversation3, type Credentials, type Json } from "./conversation3.ts";
import type { Probe3 } from "./probe3.ts";

/** Who the suite is to the VTN; its operator has to register both clients. */
export interface Conformance3Options {
  /** A client with the scopes of business logic. */
  readonly bl: Credentials;
  /** A client with the scopes of a VEN, with no targets granted. */
  readonly ven: Credentials;
  /** Makes the names of objects unlike those of an earlier run. */
  readonly run: string;
}

/**
 * Runs every check against the 3.1 VTN behind a probe, in order. What the suite makes it deletes; on a VTN in use its
 * program and events are seen by others for a moment.
 */
export async function runConformance3(probe: Probe3, options: Conformance3Options): Promise<readonly CheckResult[]> {
  const conversation = new Conversation3(probe, options.run);
  let stage: Stage | undefined;
  const results = [
    await runCheck("start", "Clients get tokens where the VTN says, and business logic makes a program", async () => {
      stage = await setUp(conversation, options);
    }),
  ];
  if (stage === undefined) return results;
  const present = stage;
  for (const { id, rule, run } of CHECKS_3) results.push(await runCheck(id, rule, () => run(present)));
  const end = () => conversation.expect(200, present.bl, "DELETE", `/programs/${present.programId}`);
  results.push(await runCheck("end", "A program is deleted", () => end().then(() => undefined)));
  return results;
}

async function setUp(conversation: Conversation3, { bl, ven }: Conformance3Options): Promise<Stage> {
  const { tokenURL } = await conversation.expect(200, undefined, "GET", "/auth/server");
  require(URL.canParse(String(tokenURL)), "/auth/server gives no tokenURL");
  const tokenUrl = String(tokenURL);
  const [blToken, venToken] = [await tokenOf(conversation, tokenUrl, bl), await tokenOf(conversation, tokenUrl, ven)];
  const program = await conversation.expect(201, blToken, "POST", "/programs", { programName: conversation.newName() });
  require(typeof program["id"] === "string", "a new program has no identifier");
  return { conversation, tokenUrl, bl: blToken, ven: venToken, venCredentials: ven, programId: program["id"] };
}

async function tokenOf(conversation: Conversation3, tokenUrl: string, client: Credentials): Promise<string> {
  const { status, body } = await conversation.requestToken(tokenUrl, client);
  require(status === 200, `${client.clientId} was given no token: ${status}`);
  const granted = JSON.parse(body) as Json;
  require(/^bearer$/i.test(String(granted["token_type"])), "the token is no bearer token");
  require(typeof granted["access_token"] === "string", "the token is missing");
  return granted["access_token"];
}
