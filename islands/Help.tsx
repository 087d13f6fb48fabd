import { useEffect } from "preact/hooks";
import { KeyList } from "../components/KeyList.tsx";
import { isTyping, useDialog } from "../lib/client/dialogs.ts";
import { GO_TO } from "../lib/client/shortcuts.ts";

/** How soon a letter must follow `g`, in milliseconds. */
const CHORD_MS = 1_200;

/** The overlay of keys, and the keys that lead to pages. Without JavaScript it is a link to the help page. */
export default function Help() {
  const { dialog, open, close } = useDialog((event) => event.key === "?" && !isTyping(event));

  useEffect(() => {
    let pressedG = -Infinity;
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
      if (event.defaultPrevented || document.querySelector("dialog[open]") !== null) return;
      if (event.key === "Escape") document.querySelector<HTMLElement>(".explained :focus")?.blur();
      const isChord = event.timeStamp - pressedG < CHORD_MS;
      pressedG = event.key === "g" ? event.timeStamp : -Infinity;
      if (isChord && event.key in GO_TO) location.href = GO_TO[event.key];
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);

  return (
    <>
      <a
        class="button tool"
        href="/help"
        aria-label="Help and keys"
        aria-keyshortcuts="?"
        aria-haspopup="dialog"
        onClick={(event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          open();
        }}
      >
        ?
      </a>
      <dialog ref={dialog} class="dialog" aria-labelledby="help-title">
        <div class="section-head">
          <h2 id="help-title">Keys</h2>
          <button type="button" class="button" onClick={close}>Close</button>
        </div>
        <KeyList />
        <p class="note">
          <a href="/help">How links are decided, and what the signs mean</a>
        </p>
      </dialog>
    </>
  );
}
