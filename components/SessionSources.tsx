import type { SessionSource } from "../lib/store/shapes.ts";
import { formatBytes, formatCount, formatCounted } from "../lib/text/format.ts";
import { METRIC_HELP } from "./metric_help.ts";
import { Explained } from "./Explained.tsx";
import { Time } from "./Time.tsx";

const SHOWN = 6;

/** Where a session was read from, and what of it could not be. */
export function SessionSources(
  { files, skippedLines }: { files: SessionSource[]; skippedLines: number },
) {
  const rest = files.slice(SHOWN);
  return (
    <>
      <Files files={files.slice(0, SHOWN)} />
      {rest.length > 0 && (
        <details class="fold" id="more-transcripts">
          <summary>{formatCounted(rest.length, "file")} more</summary>
          <Files files={rest} />
        </details>
      )}
      {skippedLines > 0 && (
        <p class="note">
          <Explained says={METRIC_HELP.skippedLines}>
            {formatCounted(skippedLines, "line")} {skippedLines === 1 ? "was" : "were"}{" "}
            unreadable and skipped.
          </Explained>
        </p>
      )}
    </>
  );
}

function Files({ files }: { files: SessionSource[] }) {
  return (
    <ul class="rows">
      {files.map((file) => (
        <li key={file.path}>
          <span class="path">{file.path}</span>
          <span class="facts faint">
            <span>{formatCount(file.lines)} lines</span>
            <span>{formatBytes(file.bytes)}</span>
            {file.goneAt !== null && (
              <span class="warn">
                deleted since <Time at={file.goneAt} as="day" />, kept here
              </span>
            )}
            {file.failure !== null && <span class="bad">{file.failure}</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}
