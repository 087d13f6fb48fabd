/** How pages are coloured: as the system is, or as was chosen. */
export const THEMES = ["system", "light", "dark"] as const;

/** One of {@linkcode THEMES}. */
export type Theme = typeof THEMES[number];

const COOKIE = "ascribe-theme";

/** The theme that a request's `Cookie` header names. */
export function themeOf(headers: Headers): Theme {
  const cookies = headers.get("cookie") ?? "";
  const value = cookies.split(/;\s*/).find((cookie) => cookie.startsWith(`${COOKIE}=`))
    ?.slice(COOKIE.length + 1);
  return THEMES.find((theme) => theme === value) ?? "system";
}

/** The `Set-Cookie` header that keeps a theme for a year. */
export function themeCookie(theme: Theme): string {
  return `${COOKIE}=${theme}; Path=/; Max-Age=31536000; SameSite=Strict`;
}
