import { require } from "../conformance20b/index.ts";
import type { Conversation3, Credentials, Json } from "./conversation3.ts";

/** What the checks share: two clients with their tokens, and the objects that earlier checks made. */
export interface Stage {
  readonly conversation: Conversation3;
  readonly bl: string;
  readonly ven: string;
  readonly venCredentials: Credentials;
  readonly tokenUrl: string;
  readonly programId: string;
}

/** One rule and how to see from outside whether it holds. A check leaves nothing behind. */
export interface Check3 {
  readonly id: string;
  /** The rule of the specification, in our words. */
  readonly rule: string;
  /** Throws `Violation` when the VTN breaks the rule. */
  run(stage: Stage): Promise<void>;
}

/** An identifier that no VTN gives. */
const NOBODY = "conformance-nobody";

const idOf = (object: Json) => String(object["id"]);

/** Makes an event that is deleted whatever comes of the check. */
async function withEvent(stage: Stage, event: object, check: (made: Json) => Promise<void>): Promise<void> {
  const { conversation, bl, programId } = stage;
  const made = await conversation.expect(201, bl, "POST", "/events", { programID: programId, ...event });
  try {
    await check(made);
  } finally {
    await conversation.call(bl, "DELETE", `/events/${idOf(made)}`);
  }
}

/** Makes a ven object of the suite's VEN that is deleted whatever comes of the check. */
async function withVen(stage: Stage, check: (made: Json) => Promise<void>): Promise<void> {
  const { conversation, ven, bl } = stage;
  const request = { objectType: "VEN_VEN_REQUEST", venName: conversation.newName() };
  const made = await conversation.expect(201, ven, "POST", "/vens", request);
  try {
    await check(made);
  } finally {
    await conversation.call(bl, "DELETE", `/vens/${idOf(made)}`);
  }
}

const ACCESS_CHECKS: readonly Check3[] = [
  {
    id: "token-wrong-secret",
    rule: "A wrong secret gets no token",
    async run({ conversation, tokenUrl, venCredentials }) {
      const { status } = await conversation.requestToken(tokenUrl, { ...venCredentials, clientSecret: NOBODY });
      require(status === 400 || status === 401, `a wrong secret was answered by ${status}`);
    },
  },
  {
    id: "token-grant",
    rule: "Another grant than client credentials gets no token",
    async run({ conversation, tokenUrl, venCredentials }) {
      const { status } = await conversation.requestToken(tokenUrl, venCredentials, "password");
      require(status === 400 || status === 401, `another grant was answered by ${status}`);
    },
  },
  {
    id: "token-missing",
    rule: "A request without a token is refused",
    run: ({ conversation }) => conversation.refuses([401, 403], undefined, "GET", "/programs"),
  },
  {
    id: "token-forged",
    rule: "A token that the VTN did not give is refused",
    run: ({ conversation }) => conversation.refuses([401, 403], "forged.forged.forged", "GET", "/programs"),
  },
  {
    id: "scope-programs",
    rule: "A VEN makes no programs",
    run: ({ conversation, ven }) =>
      conversation.refuses([403], ven, "POST", "/programs", { programName: conversation.newName() }),
  },
  {
    id: "scope-events",
    rule: "A VEN makes no events",
    run: ({ conversation, ven, programId }) =>
      conversation.refuses([403], ven, "POST", "/events", { programID: programId }),
  },
];

const OBJECT_CHECKS: readonly Check3[] = [
  {
    id: "program-read",
    rule: "A program is read as it was made, with identifier, times and type",
    async run({ conversation, bl, programId }) {
      const program = await conversation.expect(200, bl, "GET", `/programs/${programId}`);
      require(program["id"] === programId && program["objectType"] === "PROGRAM", "identifier or type is wrong");
      require(typeof program["programName"] === "string", "the name is missing");
      const times = [program["createdDateTime"], program["modificationDateTime"]];
      require(times.every((time) => !Number.isNaN(Date.parse(String(time)))), "a time is missing");
    },
  },
  {
    id: "program-conflict",
    rule: "A program's name is taken once",
    async run({ conversation, bl, programId }) {
      const { programName } = await conversation.expect(200, bl, "GET", `/programs/${programId}`);
      await conversation.refuses([409], bl, "POST", "/programs", { programName });
    },
  },
  {
    id: "program-invalid",
    rule: "A program without a name is refused",
    run: ({ conversation, bl }) => conversation.refuses([400], bl, "POST", "/programs", {}),
  },
  {
    id: "json-malformed",
    rule: "A body that is no JSON is refused",
    run: ({ conversation, bl }) => conversation.refuses([400], bl, "POST", "/programs", "{"),
  },
  {
    id: "object-unknown",
    rule: "An object that does not exist is not found",
    run: ({ conversation, bl }) => conversation.refuses([404], bl, "GET", `/events/${NOBODY}`),
  },
  {
    id: "event-program",
    rule: "An event of no program is refused",
    run: ({ conversation, bl }) =>
      conversation.refuses([400, 404], bl, "POST", "/events", { programID: NOBODY, intervals: [] }),
  },
  {
    id: "event-update",
    rule: "A change keeps identifier and time of making, and shows in the next answer",
    run: (stage) =>
      withEvent(stage, { eventName: "before" }, async (made) => {
        const { conversation, bl, programId } = stage;
        const path = `/events/${idOf(made)}`;
        await conversation.expect(200, bl, "PUT", path, { programID: programId, eventName: "after" });
        const read = await conversation.expect(200, bl, "GET", path);
        require(read["eventName"] === "after", "the change does not show");
        require(read["createdDateTime"] === made["createdDateTime"], "the time of making has changed");
      }),
  },
  {
    id: "event-delete",
    rule: "A deleted event is returned once more, and is gone",
    run: (stage) =>
      withEvent(stage, {}, async (made) => {
        const path = `/events/${idOf(made)}`;
        const deleted = await stage.conversation.expect(200, stage.bl, "DELETE", path);
        require(deleted["id"] === made["id"], "another object was returned");
        await stage.conversation.refuses([404], stage.bl, "GET", path);
      }),
  },
  {
    id: "event-sentinels",
    rule: "P9999Y and 0001-01-01T00:00:00Z are values like others",
    run: (stage) => {
      const intervalPeriod = { start: "0001-01-01T00:00:00Z", duration: "P9999Y" };
      const intervals = [{ id: 0, payloads: [{ type: "SIMPLE", values: [1] }] }];
      return withEvent(stage, { intervalPeriod, intervals }, async (made) => {
        const read = await stage.conversation.expect(200, stage.bl, "GET", `/events/${idOf(made)}`);
        const { start, duration } = (read["intervalPeriod"] ?? {}) as { start?: string; duration?: string };
        require(start === intervalPeriod.start && duration === intervalPeriod.duration, "they came back changed");
      });
    },
  },
  {
    id: "search-filter",
    rule: "A search for a program's events returns those and no others",
    run: (stage) =>
      withEvent(stage, {}, async (made) => {
        const found = await stage.conversation.list(stage.bl, `/events?programID=${stage.programId}`);
        require(found.some(({ id }) => id === made["id"]), "an event is missing");
        require(found.every(({ programID }) => programID === stage.programId), "an event of another program");
      }),
  },
  {
    id: "search-page",
    rule: "limit and skip cut pages out of one list",
    run: (stage) =>
      withEvent(stage, {}, (first) =>
        withEvent(stage, {}, async (second) => {
          const page = (skip: number) =>
            stage.conversation.list(stage.bl, `/events?programID=${stage.programId}&limit=1&skip=${skip}`);
          const [one, two] = [await page(0), await page(1)];
          require(one.length === 1 && two.length === 1, "a page has not the length that was asked for");
          const ids = new Set([...one, ...two].map(({ id }) => id));
          require(ids.has(first["id"]) && ids.has(second["id"]), "the pages do not make up the list");
        }),
      ),
  },
  {
    id: "search-limit",
    rule: "A page of more than fifty is refused",
    run: ({ conversation, bl }) => conversation.refuses([400], bl, "GET", "/programs?limit=51"),
  },
];

const PRIVACY_CHECKS: readonly Check3[] = [
  {
    id: "privacy-open",
    rule: "An event without targets is seen by a VEN",
    run: (stage) =>
      withEvent(stage, {}, async (made) => {
        await stage.conversation.expect(200, stage.ven, "GET", `/events/${idOf(made)}`);
      }),
  },
  {
    id: "privacy-hidden",
    rule: "An event with targets that a VEN was not granted is absent for it: not found, and in no list",
    run: (stage) =>
      withEvent(stage, { targets: [stage.conversation.newName()] }, async (made) => {
        await stage.conversation.refuses([404], stage.ven, "GET", `/events/${idOf(made)}`);
        const listed = await stage.conversation.list(stage.ven, `/events?programID=${stage.programId}`);
        require(listed.every(({ id }) => id !== made["id"]), "it is in the list");
      }),
  },
  {
    id: "privacy-granted",
    rule: "A VEN that was granted a target sees the event, and of its targets that one only",
    run: (stage) =>
      withVen(stage, async (ven) => {
        const { conversation, bl, venCredentials } = stage;
        const [mine, other] = [conversation.newName(), conversation.newName()];
        const { venName } = ven;
        const grant = { objectType: "BL_VEN_REQUEST", clientID: venCredentials.clientId, venName, targets: [mine] };
        await conversation.expect(200, bl, "PUT", `/vens/${idOf(ven)}`, grant);
        await withEvent(stage, { targets: [mine, other] }, async (made) => {
          const read = await conversation.expect(200, stage.ven, "GET", `/events/${idOf(made)}`);
          require(JSON.stringify(read["targets"]) === JSON.stringify([mine]), "it sees the targets of others");
        });
      }),
  },
  {
    id: "ven-own",
    rule: "A VEN's object belongs to the client that made it, which cannot grant itself targets",
    run: (stage) =>
      withVen(stage, async (made) => {
        const { conversation, ven, venCredentials } = stage;
        require(made["clientID"] === venCredentials.clientId, "it belongs to another client");
        const update = { objectType: "VEN_VEN_REQUEST", venName: made["venName"], targets: [NOBODY] };
        await conversation.call(ven, "PUT", `/vens/${idOf(made)}`, update);
        const read = await conversation.expect(200, ven, "GET", `/vens/${idOf(made)}`);
        require(!JSON.stringify(read["targets"] ?? []).includes(NOBODY), "it granted itself a target");
      }),
  },
  {
    id: "resource",
    rule: "A VEN makes resources of its ven object",
    run: (stage) =>
      withVen(stage, async (ven) => {
        const request = { objectType: "VEN_RESOURCE_REQUEST", resourceName: "meter", venID: ven["id"] };
        const made = await stage.conversation.expect(201, stage.ven, "POST", "/resources", request);
        require(made["venID"] === ven["id"] && made["objectType"] === "RESOURCE", "it belongs to another ven");
      }),
  },
  {
    id: "report",
    rule: "A VEN reports on an event, and business logic reads the report but makes none",
    run: (stage) =>
      withEvent(stage, {}, async (event) => {
        const { conversation, ven, bl } = stage;
        const intervals = [{ id: 0, payloads: [{ type: "USAGE", values: [1.5] }] }];
        const resources = [{ resourceName: "meter", intervals }];
        const report = { eventID: event["id"], clientName: "conformance", resources };
        const made = await conversation.expect(201, ven, "POST", "/reports", report);
        const read = await conversation.expect(200, bl, "GET", `/reports/${idOf(made)}`);
        require(JSON.stringify(read["resources"]) === JSON.stringify(resources), "the report came back changed");
        await conversation.refuses([403], bl, "POST", "/reports", report);
        await conversation.expect(200, ven, "DELETE", `/reports/${idOf(made)}`);
      }),
  },
  {
    id: "subscription",
    rule: "A VEN subscribes by webhook, reads its subscription and ends it",
    async run({ conversation, ven, programId }) {
      const objectOperations = [
        { objects: ["EVENT"], operations: ["CREATE"], callbackUrl: "https://subscriber.invalid/", bearerToken: "t" },
      ];
      const request = { clientName: "conformance", programID: programId, objectOperations };
      const made = await conversation.expect(201, ven, "POST", "/subscriptions", request);
      const path = `/subscriptions/${idOf(made)}`;
      require((await conversation.expect(200, ven, "GET", path))["programID"] === programId, "it has another program");
      await conversation.expect(200, ven, "DELETE", path);
    },
  },
  {
    id: "notifiers",
    rule: "Webhooks are among the notifiers of every VTN",
    async run({ conversation, ven }) {
      const notifiers = await conversation.expect(200, ven, "GET", "/notifiers");
      require(notifiers["WEBHOOK"] === true, "they are not");
    },
  },
];

/** All checks, in the order they are run. */
export const CHECKS_3: readonly Check3[] = [...ACCESS_CHECKS, ...OBJECT_CHECKS, ...PRIVACY_CHECKS];
