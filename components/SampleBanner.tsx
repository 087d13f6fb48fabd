/** Says that what the page shows is not the reader's own. */
export function SampleBanner() {
  return (
    <aside class="sample-banner" aria-label="Sample data">
      <strong>Sample data.</strong>{" "}
      No transcripts of Claude Code were found, so this is a made-up workspace. It goes away once
      there is a real session; <a href="/settings#folders">Settings</a> says where Ascribe looks.
    </aside>
  );
}
