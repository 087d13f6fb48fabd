import type { Toast, Toasts } from "../lib/client/toasts.ts";

export interface ToastListProps {
  toasts: Toasts;
  onRetry: () => void;
}

/** The toasts on show, read out as they come. Pointing at one or focusing it keeps it. */
export function ToastList({ toasts, onRetry }: ToastListProps) {
  return (
    <ol class="toasts" aria-live="polite" aria-label="Notices">
      {toasts.list.value.map((toast) => (
        <li
          key={toast.id}
          class={`toast toast-${toast.kind}`}
          data-toast={toast.kind}
          onMouseEnter={() => toasts.pause(toast.id)}
          onMouseLeave={(event) => resumeUnlessFocused(toasts, toast, event.currentTarget)}
          onFocusIn={() => toasts.pause(toast.id)}
          onFocusOut={() => toasts.resume(toast.id)}
        >
          <p class="toast-title">{toast.title}</p>
          {toast.detail !== null && <p class="toast-detail">{toast.detail}</p>}
          <p class="toast-actions">
            {toast.retry && (
              <button
                type="button"
                class="button"
                onClick={() => {
                  toasts.dismiss(toast.id);
                  onRetry();
                }}
              >
                Retry
              </button>
            )}
            <button
              type="button"
              class="button-plain"
              aria-label={`Dismiss: ${toast.title}`}
              onClick={() => toasts.dismiss(toast.id)}
            >
              Dismiss
            </button>
          </p>
        </li>
      ))}
    </ol>
  );
}

function resumeUnlessFocused(toasts: Toasts, toast: Toast, element: Element): void {
  if (!element.contains(document.activeElement)) toasts.resume(toast.id);
}
