/**
 * What every store can be asked, whichever database it is: one on this machine, or one that a team shares. Queries
 * read through these two interfaces alone.
 *
 * @module
 */

import type {
  AgentId,
  CommitHash,
  ProjectId,
  PromptId,
  RepositoryId,
  SessionId,
} from "../domain/ids.ts";
import type { LoomData } from "../domain/loom.ts";
import type { CommitFilter, CommitListOptions, CommitStateCounts } from "./read/commit_list.ts";
import type { CommitLookup } from "./read/commit_detail.ts";
import type { EditFilter } from "./read/edit_list.ts";
import type { LinkFilter } from "./read/link_list.ts";
import type { LoomFilter } from "./read/loom.ts";
import type { PageOptions } from "./read/page.ts";
import type { SessionFilter, SessionListOptions } from "./read/session_list.ts";
import type { PromptPlace } from "./read/session_prompts.ts";
import type { DashboardOptions, Extent } from "./read/stats.ts";
import type { Alias } from "../text/path_index.ts";
import type {
  CommitSummary,
  Dashboard,
  EditSummary,
  LandedCounts,
  LandedFileCounts,
  LinkRecord,
  Page,
  Project,
  RepositoryRef,
  RepositorySummary,
  SearchResult,
  SessionDetail,
  SessionFile,
  SessionSummary,
  StoreStatus,
  WorkItem,
  WrittenRange,
} from "./shapes.ts";
import type { MoveSuggestion } from "./write/repository_aliases.ts";
import type { AgentSources } from "./write/sources.ts";
import type { SyncRun } from "./write/runs.ts";
import type { Settings } from "./write/settings.ts";

/** A filter by ids that stores share, where the readers of one of them take its numbers. */
type ById<Filter> =
  & Omit<Filter, "repositoryKey" | "projectKey">
  & ("repositoryKey" extends keyof Filter ? {
      /** A repository's id, or the slug of its name. */
      repository?: RepositoryId;
    }
    : unknown)
  & ("projectKey" extends keyof Filter ? { project?: ProjectId } : unknown);

/** What is stored of sessions, repositories and what links them. */
export interface Reads {
  status(): Promise<StoreStatus>;
  dashboard(options: ById<DashboardOptions>): Promise<Dashboard>;
  /** From the first thing that there is to the last; null where there is nothing. */
  extent(repository?: RepositoryId): Promise<Extent | null>;
  search(text: string, options: { limit?: number }): Promise<SearchResult>;
  loom(filter: ById<LoomFilter>): Promise<LoomData>;

  /** Every project, the one worked in last first. */
  projects(): Promise<Project[]>;
  sessions(options: ById<SessionListOptions>): Promise<Page<SessionSummary>>;
  countSessions(filter: ById<SessionFilter>): Promise<number>;
  session(id: string, options: { skipPrompts?: number }): Promise<SessionDetail | undefined>;
  /** Which agents sessions are of, by the sessions' ids. */
  agentsOf(ids: readonly SessionId[]): Promise<Map<SessionId, AgentId>>;
  /** The whole of a prompt, as far as it is kept; undefined where the session has no such prompt. */
  prompt(id: string, prompt: PromptId): Promise<string | undefined>;
  /** The files that a session edited, the most edited first, and how many there are in all. */
  filesOfSession(id: string): Promise<{ files: SessionFile[]; total: number }>;
  /** Where a prompt is among those of its session; undefined where it is not one of them. */
  placeOfPrompt(id: string, prompt: PromptId): Promise<PromptPlace | undefined>;
  /** What a session did in each of several stretches of time, Unix milliseconds, `to` exclusive. */
  workItems(id: string, stretches: readonly Extent[]): Promise<WorkItem[][]>;

  commits(options: ById<CommitListOptions>): Promise<Page<CommitSummary>>;
  countCommits(filter: ById<Omit<CommitFilter, "state">>): Promise<CommitStateCounts>;
  /** The commit with a hash or a start of one. */
  commit(hash: string, options: { repository?: RepositoryId }): Promise<CommitLookup>;
  /** Commits of a repository by their full hashes; those that are not stored are left out. */
  commitsOfHashes(
    repository: RepositoryId,
    hashes: readonly string[],
  ): Promise<Map<CommitHash, CommitSummary>>;
  /** Which lines of commits, or of one file in them, sessions wrote. */
  writtenLines(
    repository: RepositoryId,
    options: { hashes: readonly string[]; path?: string },
  ): Promise<Map<CommitHash, WrittenRange[]>>;

  /** Every repository, by name. */
  repositories(): Promise<RepositorySummary[]>;
  repositoryNames(): Promise<RepositoryRef[]>;
  /** The repository with an id or a slug. */
  repository(id: RepositoryId): Promise<RepositorySummary | undefined>;
  landedOfRepository(id: RepositoryId): Promise<LandedCounts>;

  links(options: ById<LinkFilter> & PageOptions): Promise<Page<LinkRecord>>;
  /** Every link one by one, the oldest commit first. */
  everyLink(filter: ById<LinkFilter>): AsyncIterable<LinkRecord>;
  edits(options: ById<EditFilter> & PageOptions): Promise<Page<EditSummary>>;
  countEdits(filter: ById<EditFilter>): Promise<LandedFileCounts>;
  /** Every file that a session wrote one by one, the last edit first. */
  everyEdit(filter: ById<EditFilter>): AsyncIterable<EditSummary>;
}

/** What is stored of this machine alone: its syncs, its settings, and where its folders have moved. */
export interface MachineReads {
  runs(options: PageOptions): Promise<Page<SyncRun>>;
  /** When sources were last read to the end, and when a sync last came to its end well; null where never. */
  lastTimes(): Promise<{ indexedAt: number | null; syncedAt: number | null }>;
  /** What is stored of each agent. */
  agentSources(): Promise<AgentSources[]>;
  aliases(): Promise<Alias[]>;
  moveSuggestions(): Promise<MoveSuggestion[]>;
  /** Whether a setting was stored; else it is by default. */
  isStored(setting: keyof Settings): Promise<boolean>;
}
