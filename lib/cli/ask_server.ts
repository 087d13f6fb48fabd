import { CommandFailure } from "./failure.ts";

/**
 * Has the server that owns the data folder change something.
 *
 * @throws {CommandFailure} If it does not answer or refuses.
 */
export async function askServer(
  address: string,
  { path, method, token, body }: {
    path: string;
    method: "PUT" | "DELETE";
    /** What the server asks for, if anything. */
    token: string | null;
    body?: unknown;
  },
): Promise<void> {
  let response: Response;
  try {
    response = await fetch(address + path, {
      method,
      headers: {
        ...ownHeaders(address, token),
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (cause) {
    throw new CommandFailure(
      `Ascribe at ${address} does not answer. Look at its log, then try again.`,
      { cause },
    );
  }
  const { message } = await answerOf(response);
  if (!response.ok) throw new CommandFailure(message ?? `Ascribe at ${address} refused.`);
}

/** What a server said, as far as it is an answer of Ascribe's: another program may have taken its port. */
export async function answerOf(response: Response): Promise<{ message?: string; runId?: number }> {
  try {
    return Object(await response.json());
  } catch {
    return {};
  }
}

/** What shows a server that its own user asks: the guard lets nobody change anything who does not name its origin. */
export function ownHeaders(address: string, token: string | null): Record<string, string> {
  return { origin: address, ...(token !== null && { authorization: `Bearer ${token}` }) };
}
