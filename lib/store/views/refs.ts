import type { CommitHash, RepositoryId, SessionId } from "../../ids.ts";

/** The few words by which lists name a repository. */
export interface RepositoryRef {
  id: RepositoryId;
  name: string;
  path: string;
}

/** The few words by which lists name a project: the folder where sessions were started. */
export interface ProjectRef {
  id: number;
  name: string;
  path: string;
}

/** The few words by which a commit's page names a session. */
export interface SessionRef {
  sessionId: SessionId;
  title: string | null;
}

/** The few words by which a page names a commit. */
export interface CommitRef {
  hash: CommitHash;
  repositoryId: RepositoryId;
  subject: string;
}

/** A path's last part, with either separator. */
export function baseName(path: string): string {
  return path.split(/[/\\]/).findLast((part) => part !== "") ?? path;
}

/** Names a project by its folder; null stays null. */
export function projectRef(id: number | null, path: string | null): ProjectRef | null {
  return id === null || path === null ? null : { id, name: baseName(path), path };
}

/** The columns by which a query names a repository. */
export interface RepositoryRow {
  repository_id: RepositoryId;
  repository_name: string;
  repository_path: string;
}

/** Names the repository of a row. */
export function repositoryRef(row: RepositoryRow): RepositoryRef {
  return { id: row.repository_id, name: row.repository_name, path: row.repository_path };
}
