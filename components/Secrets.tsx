import type { ComponentChildren } from "preact";
import { MASK, splitSecrets } from "../lib/secrets/secrets.ts";

/** A text whose likely secrets are hidden until somebody asks for them, with or without JavaScript. */
export function Secrets({ text }: { text: string }) {
  const pieces = splitSecrets(text);
  if (pieces.length === 1 && pieces[0].kind === null) return <>{text}</>;
  return (
    <>
      {pieces.map(({ text, kind }, i) =>
        kind === null ? text : <Secret key={i} kind={kind}>{text}</Secret>
      )}
    </>
  );
}

/** One likely secret behind its mask. */
export function Secret({ kind, children }: { kind: string; children: ComponentChildren }) {
  return (
    <label class="secret" title={`Looks like a ${kind}: show or hide it`}>
      <input
        type="checkbox"
        aria-label={`Show what looks like a ${kind}`}
      />
      <span class="secret-mask" aria-hidden="true">{MASK}</span>
      <span class="secret-text">{children}</span>
    </label>
  );
}
