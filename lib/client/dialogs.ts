import { type RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** Whether a key press is meant for what is being written rather than for the page. */
export function isTyping(event: KeyboardEvent): boolean {
  const { target } = event;
  return target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input, textarea, select"));
}

/**
 * A modal dialog that a key opens from anywhere on the page. A click beside it closes it, and the focus goes back to
 * where it was.
 *
 * @param isKey Whether a key press opens the dialog.
 */
export function useDialog(
  isKey: (event: KeyboardEvent) => boolean,
): { dialog: RefObject<HTMLDialogElement>; open: () => void; close: () => void } {
  const dialog = useRef<HTMLDialogElement>(null);
  const open = () => {
    if (dialog.current?.open === false && document.querySelector("dialog[open]") === null) {
      dialog.current.showModal();
    }
  };
  const close = () => dialog.current?.close();
  useEffect(() => {
    const element = dialog.current!;
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || !isKey(event)) return;
      event.preventDefault();
      open();
    };
    const onClick = (event: MouseEvent) => {
      if (event.target === element) element.close();
    };
    addEventListener("keydown", onKey);
    element.addEventListener("click", onClick);
    return () => {
      removeEventListener("keydown", onKey);
      element.removeEventListener("click", onClick);
    };
  }, []);
  return { dialog, open, close };
}
