/** What an error says of itself, whatever was thrown. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Says in a few words why a file or folder could not be read. */
export function failureReason(error: unknown): string {
  const { code } = error as { code?: unknown };
  switch (code) {
    case "EACCES":
    case "EPERM":
      return "permission denied";
    case "ENOENT":
      return "it is gone, or a link that leads nowhere";
    case "ELOOP":
      return "its links go in a circle";
    default:
      return errorMessage(error);
  }
}
