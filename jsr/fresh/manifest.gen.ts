// Written by dev.ts: every file under routes/ and islands/.
// deno-fmt-ignore-file
type Modules = Record<string, () => Promise<unknown>>;

export const routes: Modules = {
  "_app.tsx": () => import("../../routes/_app.tsx"),
  "_error.tsx": () => import("../../routes/_error.tsx"),
  "_middleware.ts": () => import("../../routes/_middleware.ts"),
  "api/commits/[hash].ts": () => import("../../routes/api/commits/[hash].ts"),
  "api/commits/index.ts": () => import("../../routes/api/commits/index.ts"),
  "api/events.ts": () => import("../../routes/api/events.ts"),
  "api/health.ts": () => import("../../routes/api/health.ts"),
  "api/indexing/progress.ts": () => import("../../routes/api/indexing/progress.ts"),
  "api/indexing/rebuild.ts": () => import("../../routes/api/indexing/rebuild.ts"),
  "api/links/index.ts": () => import("../../routes/api/links/index.ts"),
  "api/loom.ts": () => import("../../routes/api/loom.ts"),
  "api/openapi.json.ts": () => import("../../routes/api/openapi.json.ts"),
  "api/projects/[id]/sessions.ts": () => import("../../routes/api/projects/[id]/sessions.ts"),
  "api/projects/index.ts": () => import("../../routes/api/projects/index.ts"),
  "api/repositories/index.ts": () => import("../../routes/api/repositories/index.ts"),
  "api/search.ts": () => import("../../routes/api/search.ts"),
  "api/sessions/[id].ts": () => import("../../routes/api/sessions/[id].ts"),
  "api/sessions/index.ts": () => import("../../routes/api/sessions/index.ts"),
  "api/settings/git-sync-interval.ts": () => import("../../routes/api/settings/git-sync-interval.ts"),
  "api/settings/index.ts": () => import("../../routes/api/settings/index.ts"),
  "api/stats/dashboard.ts": () => import("../../routes/api/stats/dashboard.ts"),
  "api/status.ts": () => import("../../routes/api/status.ts"),
  "api/sync/git/index.ts": () => import("../../routes/api/sync/git/index.ts"),
  "api/sync/git/progress.ts": () => import("../../routes/api/sync/git/progress.ts"),
  "api/sync/runs.ts": () => import("../../routes/api/sync/runs.ts"),
  "commits/[hash].tsx": () => import("../../routes/commits/[hash].tsx"),
  "commits/index.tsx": () => import("../../routes/commits/index.tsx"),
  "index.tsx": () => import("../../routes/index.tsx"),
  "metrics.ts": () => import("../../routes/metrics.ts"),
  "projects/[id].tsx": () => import("../../routes/projects/[id].tsx"),
  "projects/index.tsx": () => import("../../routes/projects/index.tsx"),
  "repositories/[id].tsx": () => import("../../routes/repositories/[id].tsx"),
  "repositories/index.tsx": () => import("../../routes/repositories/index.tsx"),
  "sessions/[id].tsx": () => import("../../routes/sessions/[id].tsx"),
  "sessions/index.tsx": () => import("../../routes/sessions/index.tsx"),
  "settings.tsx": () => import("../../routes/settings.tsx"),
  "sync.ts": () => import("../../routes/sync.ts"),
};

export const islands: Modules = {
  "Loom.tsx": () => import("../../islands/Loom.tsx"),
  "StatusBar.tsx": () => import("../../islands/StatusBar.tsx"),
};
