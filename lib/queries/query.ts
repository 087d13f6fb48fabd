import type { Config } from "../domain/settings.ts";
import type { GitReading } from "../git/read/reading.ts";
import type { MachineReads, Reads } from "../store/reads.ts";
import type { Page } from "../store/shapes.ts";
import type { GitSync, Indexing } from "../sync/git_sync.ts";
import type { z } from "zod";
import type { ACTION_SCHEMAS, QUERY_SCHEMAS, QueryErrorCode, STREAM_SCHEMAS } from "./schemas.ts";

/** What queries are answered from. */
export interface QueryContext {
  reads: Reads;
  /** Null where the store is a team's. */
  machine: MachineReads | null;
  /** Null where nothing here can read repositories. */
  git: GitReading | null;
  /** The sync of this process; null in a command that runs beside a server. */
  sync: Pick<GitSync, "announcements" | "intervalSecs" | "repositories" | "running"> | null;
  /** What the program runs with; null where that is not known. */
  config: Config | null;
}

/** The name of a query. */
export type QueryName = keyof typeof QUERY_SCHEMAS;

/** What a query is asked with. Times are ISO 8601, or dates in the time zone that is named beside them. */
export type Input<Name extends QueryName> = z.infer<typeof QUERY_SCHEMAS[Name]["input"]>;

/** What a query gives. */
export type Output<Name extends QueryName> = z.infer<typeof QUERY_SCHEMAS[Name]["output"]>;

/** One thing that can be asked. Its summary and its schemas are in `QUERY_SCHEMAS`, under its name. */
export interface Query<Name extends QueryName = QueryName> {
  readonly name: Name;
  /** @throws {QueryError} If there is no answer, for a reason that the caller can act on. */
  run(context: QueryContext, input: Input<Name>): Promise<Output<Name>>;
}

/** A query, typed by its name. */
export function defineQuery<Name extends QueryName>(
  name: Name,
  run: Query<Name>["run"],
): Query<Name> {
  return { name, run };
}

/** The name of a query that gives a list, page by page. */
type ListName = {
  [Name in QueryName]: Output<Name> extends Page<infer _> ? Name : never;
}[QueryName];

/** Every item of a list, read page by page. */
export async function everyItem<Name extends ListName>(
  { run }: Query<Name>,
  context: QueryContext,
  input?: Input<Name>,
): Promise<Output<Name>["items"]> {
  const items: unknown[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<unknown> = await run(
      context,
      { ...input, limit: 500, cursor: cursor ?? undefined } as Input<Name>,
    );
    items.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== null);
  return items as Output<Name>["items"];
}

/** What actions work with. */
export interface ActionContext extends QueryContext {
  gitSync: GitSync;
  indexing: Indexing;
  /** Whether the store holds the sample workspace. */
  sample: boolean;
}

/** The name of an action. */
export type ActionName = keyof typeof ACTION_SCHEMAS;

/** One thing that can be done. Its summary and its schemas are in `ACTION_SCHEMAS`, under its name. */
export interface Action<Name extends ActionName = ActionName> {
  readonly name: Name;
  /** @throws {QueryError} If it cannot be done, for a reason that the caller can act on. */
  run(
    context: ActionContext,
    input: z.infer<typeof ACTION_SCHEMAS[Name]["input"]>,
  ): Promise<z.infer<typeof ACTION_SCHEMAS[Name]["output"]>>;
}

/** An action, typed by its name. */
export function defineAction<Name extends ActionName>(
  name: Name,
  run: Action<Name>["run"],
): Action<Name> {
  return { name, run };
}

/** The name of a stream. */
export type StreamName = keyof typeof STREAM_SCHEMAS;

/** A list given item by item, whatever its length, for commands and exports. Its schemas are in `STREAM_SCHEMAS`. */
export interface StreamQuery<Name extends StreamName = StreamName> {
  readonly name: Name;
  run(
    context: QueryContext,
    input: z.infer<typeof STREAM_SCHEMAS[Name]["input"]>,
  ): AsyncIterable<z.infer<typeof STREAM_SCHEMAS[Name]["item"]>>;
}

/** A stream, typed by its name. */
export function defineStream<Name extends StreamName>(
  name: Name,
  run: StreamQuery<Name>["run"],
): StreamQuery<Name> {
  return { name, run };
}

/** A query has no answer; the message says why in one sentence. */
export class QueryError extends Error {
  override name = "QueryError";
  readonly code: QueryErrorCode;
  /** The query that lists what there is, where nothing was found. */
  readonly listedBy: QueryName | null;

  constructor(
    code: QueryErrorCode,
    message: string,
    options: ErrorOptions & { listedBy?: QueryName } = {},
  ) {
    super(message, options);
    this.code = code;
    this.listedBy = options.listedBy ?? null;
  }
}
