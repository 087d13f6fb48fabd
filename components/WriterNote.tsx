import { maskSecrets } from "../lib/secrets.ts";
import { type Writer, writerHref } from "../lib/pages/written.ts";

/** What was asked for when lines were written, as a link to the prompt; the session's title where no prompt is known. */
export function WriterNote({ writer }: { writer: Writer }) {
  const { prompt, session } = writer;
  const title = maskSecrets(session.title ?? session.sessionId);
  const text = maskSecrets(prompt?.text.trim() ?? "");
  return (
    <a
      class="writer"
      href={writerHref(writer)}
      dir="auto"
      title={text ? `Asked in “${title}”:\n${text}` : `Session “${title}”`}
    >
      {text || title}
    </a>
  );
}
