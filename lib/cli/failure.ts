/** The user asked for something that cannot be: one line says what to type instead, and the exit code is 2. */
export class UsageError extends Error {}

/** What was asked for did not work: one line says why and what to do, and the exit code is 1. */
export class CommandFailure extends Error {}

/** How the program ends. `stopped` is what shells make of Ctrl-C: 128 and the signal's number. */
export const EXIT = { ok: 0, failed: 1, usage: 2, stopped: 130 } as const;
