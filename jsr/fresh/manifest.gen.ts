// Written by dev.ts: every file under routes/ and islands/.
// deno-fmt-ignore-file
type Modules = Record<string, () => Promise<unknown>>;

export const routes: Modules = {
  "_app.tsx": () => import("../../routes/_app.tsx"),
  "_error.tsx": () => import("../../routes/_error.tsx"),
  "_middleware.ts": () => import("../../routes/_middleware.ts"),
  "api/commits/[hash].ts": () => import("../../routes/api/commits/[hash].ts"),
  "api/commits/index.ts": () => import("../../routes/api/commits/index.ts"),
  "api/links/index.ts": () => import("../../routes/api/links/index.ts"),
  "api/openapi.json.ts": () => import("../../routes/api/openapi.json.ts"),
  "api/projects/[id]/sessions.ts": () => import("../../routes/api/projects/[id]/sessions.ts"),
  "api/projects/index.ts": () => import("../../routes/api/projects/index.ts"),
  "api/repositories/index.ts": () => import("../../routes/api/repositories/index.ts"),
  "api/search.ts": () => import("../../routes/api/search.ts"),
  "api/sessions/[id].ts": () => import("../../routes/api/sessions/[id].ts"),
  "api/sessions/index.ts": () => import("../../routes/api/sessions/index.ts"),
  "api/stats/dashboard.ts": () => import("../../routes/api/stats/dashboard.ts"),
  "commits/[hash].tsx": () => import("../../routes/commits/[hash].tsx"),
  "commits/index.tsx": () => import("../../routes/commits/index.tsx"),
  "index.tsx": () => import("../../routes/index.tsx"),
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
  "StatusBar.tsx": () => import("../../islands/StatusBar.tsx"),
};
