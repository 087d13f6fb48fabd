import { eventStream, failure, json, type Operation, PAGE, query, read } from "./operation.ts";
import { arrayOf, COUNT, object, oneOf, pageOf, ref, TEXT } from "./schema.ts";

const ALIAS = object({ oldPath: TEXT, newPath: TEXT });
const REFUSED = failure("The request comes from another site.");

/** Addresses that start, end and watch syncs, or tell how the program is. */
export const SYNC_PATHS: Record<string, Record<string, Operation>> = {
  "/api/health": read("Whether the server answers.", {
    gives: object({ status: oneOf("ok"), name: oneOf("ascribe"), version: TEXT }),
  }),
  "/api/status": read("What is stored, when it was brought up to date, and what is running.", {
    gives: ref("Status"),
  }),
  "/api/events": {
    get: {
      summary: "Announcements: syncStarted, syncEnded and changed, as long as somebody listens.",
      responses: { "200": eventStream("Events with JSON data.") },
    },
  },
  "/api/sync/git": {
    post: {
      summary: "Starts a sync.",
      responses: {
        "202": json("The sync has started.", ref("Accepted")),
        "403": REFUSED,
        "409": failure("A sync that somebody asked for is running."),
      },
    },
    delete: {
      summary: "Cancels the sync that somebody asked for; what it stored stays.",
      responses: {
        "202": json("The sync is being cancelled.", ref("Accepted")),
        "403": REFUSED,
        "409": failure("No sync is running that could be cancelled."),
      },
    },
  },
  "/api/sync/git/progress": {
    get: {
      summary: "The progress of a sync: scanning, correlating, then done or error.",
      responses: {
        "200": eventStream("Events with JSON data; the stream ends after done or error."),
        "204": { description: "This client has seen the end already." },
      },
    },
  },
  "/api/sync/runs": read("Syncs, the newest first.", {
    parameters: PAGE,
    gives: pageOf(ref("SyncRun")),
  }),
  "/api/sync/repositories": read("Where each repository stands in the newest run.", {
    gives: ref("SyncRepositories"),
  }),
  "/api/indexing/progress": {
    get: {
      summary: "The progress of reading transcripts: discovering, indexing, then ready or failed.",
      responses: {
        "200": eventStream("Events with JSON data; the stream ends after ready or failed."),
        "204": { description: "This client has seen the end already." },
      },
    },
  },
  "/api/indexing/rebuild": {
    post: {
      summary: "Reads every transcript anew; links and sessions stay until the new ones are ready.",
      responses: {
        "202": json("The rebuild has started.", ref("Accepted")),
        "403": REFUSED,
        "409": failure("A sync that somebody asked for is running."),
      },
    },
  },
  "/api/settings": read("The settings.", { gives: ref("Settings") }),
  "/api/settings/git-sync-interval": {
    put: {
      summary: "Sets the seconds between background syncs; 0 turns them off.",
      requestBody: {
        required: true,
        content: {
          "application/json": {
            schema: object({ seconds: { ...COUNT, maximum: 86_400 } }),
          },
        },
      },
      responses: {
        "200": json("The settings.", ref("Settings")),
        "400": failure("seconds is neither 0 nor a whole number from 10 to 86400."),
        "403": REFUSED,
        "415": failure("The body is not JSON."),
      },
    },
  },
  "/api/repositories/aliases": {
    ...read("Folders that the user says are elsewhere now, and those that look like it.", {
      gives: object({
        aliases: arrayOf(ALIAS),
        suggestions: arrayOf(object({ repositoryId: COUNT, oldPath: TEXT, newPath: TEXT })),
      }),
    }),
    put: {
      summary:
        "Says that what sessions saw at oldPath is at newPath now; the next sync looks there.",
      requestBody: { required: true, content: { "application/json": { schema: ALIAS } } },
      responses: {
        "200": json("The alias.", ALIAS),
        "400": failure("They are no absolute paths, or there is no folder at newPath."),
        "403": REFUSED,
        "415": failure("The body is not JSON."),
      },
    },
    delete: {
      summary: "Takes an alias back.",
      parameters: [query("oldPath", TEXT)],
      responses: {
        "200": json("It is gone.", object({ oldPath: TEXT, newPath: oneOf(null) })),
        "403": REFUSED,
        "404": failure("There is no such alias."),
      },
    },
  },
  "/api/data": {
    delete: {
      summary: "Removes everything that is stored, and turns background syncs off.",
      responses: {
        "200": json("Nothing is left.", object({ message: TEXT })),
        "403": REFUSED,
        "409": failure("The sample workspace is shown."),
      },
    },
  },
  "/metrics": {
    get: {
      summary: "Counters for Prometheus.",
      responses: {
        "200": {
          description: "The text format of Prometheus.",
          content: { "text/plain": { schema: { type: "string" } } },
        },
      },
    },
  },
};
