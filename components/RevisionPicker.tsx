import type { ComponentChildren } from "preact";
import type { RefName } from "../lib/git/read/queries.ts";

export interface RevisionPickerProps {
  path: string;
  /** The revision shown. */
  at: string;
  /** What to offer. */
  refs: RefName[];
  /** More fields of the form. */
  children?: ComponentChildren;
}

const KINDS = { branch: "branch", remote: "branch of a remote", tag: "tag" } as const;

/** Chooses the branch, tag or commit whose files are shown. */
export function RevisionPicker({ path, at, refs, children }: RevisionPickerProps) {
  return (
    <form class="filters revision-picker" method="get" autocomplete="off">
      {path !== "" && <input type="hidden" name="path" value={path} />}
      <label>
        Branch, tag or commit
        <input
          type="text"
          name="at"
          value={at}
          list="revisions"
          maxLength={250}
          spellcheck={false}
          autocapitalize="off"
        />
      </label>
      <datalist id="revisions">
        <option value="HEAD">what is checked out</option>
        {refs.map(({ kind, name }) => (
          <option key={`${kind} ${name}`} value={name}>{KINDS[kind]}</option>
        ))}
      </datalist>
      {children}
      <button class="button" type="submit">Show</button>
    </form>
  );
}
