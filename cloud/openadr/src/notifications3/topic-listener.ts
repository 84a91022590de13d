import mqtt from "mqtt";

/** A broker answers from memory; longer means that it is gone. */
const CONNECT_TIMEOUT_MS = 10_000;

/** How to reach a VTN's broker, and what to listen to there. */
export interface TopicListenerOptions {
  readonly uri: string;
  readonly username: string;
  /** A bearer token that is valid now. */
  readonly password: string;
  readonly topics: readonly string[];
  /** PEM; absent: the authorities that the system trusts. */
  readonly caPem?: string;
}

/** A connection to a broker until it ends; it does not come back by itself, as a new one needs a new token. */
export interface TopicListener {
  /** Settles when the connection is gone, for whatever reason. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

/**
 * Subscribes to the topics and tells that there is news with each message. Rejects when the broker is not there, does
 * not know the client, or refuses one of the topics.
 */
export async function startTopicListener(
  options: TopicListenerOptions,
  onNews: (topic: string) => void,
): Promise<TopicListener> {
  const { uri, username, password, topics, caPem } = options;
  const client = await mqtt.connectAsync(
    uri,
    {
      username,
      password,
      protocolVersion: 4,
      clean: true,
      reconnectPeriod: 0,
      connectTimeout: CONNECT_TIMEOUT_MS,
      ...(caPem === undefined ? {} : { ca: caPem }),
    },
    false,
  );
  // The end that follows an error is what counts.
  client.on("error", () => undefined);
  client.on("message", (topic) => onNews(topic));
  const ended = new Promise<void>((resolve) => client.once("close", resolve));
  try {
    const granted = await client.subscribeAsync([...topics]);
    if (granted.length < topics.length) throw new Error("the broker refuses a topic");
  } catch (error) {
    await client.endAsync(true);
    throw error;
  }
  return { ended, close: () => client.endAsync(true) };
}
