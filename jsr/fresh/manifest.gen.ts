// Written by dev.ts: every file under routes/ and islands/.

export const routes: Record<string, () => Promise<unknown>> = {};

export const islands: Record<string, () => Promise<unknown>> = {};
