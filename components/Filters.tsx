import { AgentSelect } from "./Agent.tsx";
import { LANDED, type Landed } from "../lib/domain/links.ts";
import type { Input } from "../lib/queries/query.ts";

import type { Project, RepositoryRef } from "../lib/store/shapes.ts";
import { formatCount } from "../lib/text/format.ts";
import { rangeOf } from "../lib/time/typed_time.ts";
import { dayIn } from "../lib/time/zone.ts";
import { ExplainedBy } from "./Explained.tsx";

/** What a list was asked with. */
type Filter<List extends "commits" | "edits" | "sessions"> = Input<List> & { timeZone: string };

/** What a form of filters ends with: applying them, and the address without any. */
function FilterActions({ clear }: { clear: string }) {
  return (
    <div class="filter-actions">
      <button class="button" type="submit">Filter</button>
      <a href={clear} aria-current="false">Clear</a>
    </div>
  );
}

/** Props of {@linkcode RepositorySelect}. */
export interface RepositorySelectProps {
  repositories: readonly Pick<RepositoryRef, "id" | "name">[];
  /** The one to show alone; undefined for all of them. */
  chosen: string | undefined;
}

/** A form's choice of one repository, or of all. */
export function RepositorySelect({ repositories, chosen }: RepositorySelectProps) {
  return (
    <label>
      Repository
      <select name="repository">
        <option value="" selected={chosen === undefined}>All repositories</option>
        {repositories.map(({ id, name }) => (
          <option key={id} value={id} selected={id === chosen}>{name}</option>
        ))}
      </select>
    </label>
  );
}

/** Props of {@linkcode DateFields}. */
export interface DateFieldsProps {
  /** Dates or times as they were typed, both inclusive. */
  from?: string;
  to?: string;
  /** Where they are days. */
  timeZone: string;
}

/** The first and last day of a filter. */
function DateFields({ from, to, timeZone }: DateFieldsProps) {
  const { from: first, to: last } = rangeOf({ from, to, timeZone });
  const dayOf = (at?: number) => at === undefined ? undefined : dayIn(timeZone, at);
  return (
    <>
      <label>
        From
        <input type="date" name="from" value={dayOf(first)} />
      </label>
      <label>
        To
        <input type="date" name="to" value={dayOf(last)} />
      </label>
    </>
  );
}

/** What each choice is called. */
export const LANDED_NAMES: Record<Landed, string> = {
  missing: "Partly or never committed",
  none: "Never committed",
  some: "Partly committed",
  all: "Fully committed",
};

/** Chooses how much of what was written is in a commit. */
function LandedSelect({ landed }: { landed?: Landed }) {
  return (
    <select name="landed">
      <option value="" selected={landed === undefined}>In a commit or not</option>
      {LANDED.map((one) => (
        <option key={one} value={one} selected={one === landed}>{LANDED_NAMES[one]}</option>
      ))}
    </select>
  );
}

/** Props of {@linkcode CommitFilters}. */
export interface CommitFiltersProps {
  options: Filter<"commits">;
  repositories: RepositoryRef[];
}

/** Narrows the list of commits. */
export function CommitFilters({ options, repositories }: CommitFiltersProps) {
  return (
    <form
      class="filters"
      method="get"
      autocomplete="off"
      action="/commits"
      role="search"
      aria-label="Commits"
    >
      {options.state && <input type="hidden" name="state" value={options.state} />}
      <label>
        Words or hash
        <input type="search" name="text" value={options.text} maxLength={200} dir="auto" />
      </label>
      <label>
        Author
        <input type="text" name="author" value={options.author} maxLength={200} dir="auto" />
      </label>
      <RepositorySelect repositories={repositories} chosen={options.repository} />
      <AgentSelect chosen={options.agent} />
      <DateFields from={options.from} to={options.to} timeZone={options.timeZone} />
      <FilterActions clear="/commits" />
    </form>
  );
}

/** Props of {@linkcode EditFilters}. */
export interface EditFiltersProps {
  options: Filter<"edits">;
  repositories: RepositoryRef[];
}

/** Narrows the list of edits. */
export function EditFilters({ options, repositories }: EditFiltersProps) {
  const { landed, repository, session, from, to, timeZone } = options;
  return (
    <form
      class="filters"
      method="get"
      autocomplete="off"
      action="/edits"
      role="search"
      aria-label="Edits"
    >
      {landed && <input type="hidden" name="landed" value={landed} />}
      <RepositorySelect repositories={repositories} chosen={repository} />
      <label>
        Session ID
        <input type="search" name="session" value={session} maxLength={200} dir="auto" />
      </label>
      <DateFields from={from} to={to} timeZone={timeZone} />
      <FilterActions clear="/edits" />
    </form>
  );
}

/** Props of {@linkcode SessionFilters}. */
export interface SessionFiltersProps {
  options: Filter<"sessions">;
  projects: Project[];
  repositories: RepositoryRef[];
}

/** Narrows the list of sessions. */
export function SessionFilters({ options, projects, repositories }: SessionFiltersProps) {
  const { hasCommits } = options;
  return (
    <form
      class="filters"
      method="get"
      autocomplete="off"
      action="/sessions"
      role="search"
      aria-label="Sessions"
    >
      <label>
        Search
        <input type="search" name="text" value={options.text} maxLength={200} dir="auto" />
      </label>
      <label>
        Project
        <select name="project">
          <option value="" selected={options.project === undefined}>All projects</option>
          {projects.map(({ id, name }) => (
            <option key={id} value={id} selected={id === options.project}>{name}</option>
          ))}
        </select>
      </label>
      <RepositorySelect repositories={repositories} chosen={options.repository} />
      <AgentSelect chosen={options.agent} />
      <label>
        Commits
        <select name="hasCommits">
          <option value="" selected={hasCommits === undefined}>With or without</option>
          <option value="true" selected={hasCommits === true}>With commits</option>
          <option value="false" selected={hasCommits === false}>Without commits</option>
        </select>
      </label>
      <label>
        Lines written
        <LandedSelect landed={options.landed} />
      </label>
      <DateFields from={options.from} to={options.to} timeZone={options.timeZone} />
      {options.sort && <input type="hidden" name="sort" value={options.sort} />}
      {options.order && <input type="hidden" name="order" value={options.order} />}
      <FilterActions clear="/sessions" />
    </form>
  );
}

/** One part of a list. */
export interface CountedTab {
  label: string;
  href: string;
  current: boolean;
  count: number;
  /** What the part holds. */
  says: string;
}

/** The parts of a list with how much each holds, and in words what the one holds that is shown. */
export function CountedTabs({ label, tabs }: { label: string; tabs: CountedTab[] }) {
  return (
    <>
      <nav class="tabs" aria-label={label}>
        {tabs.map(({ label, href, current, count, says }) => (
          <ExplainedBy key={label} says={says}>
            <a href={href} aria-current={current ? "page" : "false"} aria-description={says}>
              {label} <span class="count">{formatCount(count)}</span>
            </a>
          </ExplainedBy>
        ))}
      </nav>
      <p class="tabs-note note">{tabs.find(({ current }) => current)?.says}</p>
    </>
  );
}
