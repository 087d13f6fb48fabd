/** One event of an event stream. `data` is sent as JSON, which has no line breaks of its own. */
export interface ServerEvent {
  event: string;
  data: unknown;
  id?: string;
  /** How long the client waits before it connects anew, in milliseconds. */
  retryMs?: number;
}

const LINE_BREAK = /[\r\n\0]/;

/**
 * Writes an event as bytes.
 *
 * @throws {TypeError} If the event's name or id has a line break: what follows it would be read as a field.
 */
export function encodeEvent({ event, data, id, retryMs }: ServerEvent): Uint8Array<ArrayBuffer> {
  let text = "";
  if (retryMs !== undefined) text += `retry: ${retryMs}\n`;
  if (id !== undefined) text += `id: ${oneLine("id", id)}\n`;
  text += `event: ${oneLine("name", event)}\ndata: ${JSON.stringify(data)}\n\n`;
  return new TextEncoder().encode(text);
}

/**
 * Writes a comment, which clients ignore.
 *
 * @throws {TypeError} If the text has a line break.
 */
export function encodeComment(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`: ${oneLine("comment", text)}\n\n`);
}

function oneLine(what: string, value: string): string {
  if (LINE_BREAK.test(value)) {
    throw new TypeError(`Cannot send an event: its ${what} has a line break`);
  }
  return value;
}
