/** What Ascribe is, in three sentences; with nothing stored yet, what to do as well. */
export function FirstVisit({ empty = false }: { empty?: boolean }) {
  if (!empty) {
    return (
      <div class="first-visit">
        <Explanation />
      </div>
    );
  }
  return (
    <>
      <header class="page-head">
        <h1>Which session did this commit come from?</h1>
      </header>
      <Explanation />
      <p class="lede">
        No session has been read yet. Press <strong>Sync now</strong> below; if nothing turns up,
        {" "}
        <a href="/settings#folders">Settings</a> says where Ascribe looks for transcripts.
      </p>
    </>
  );
}

/** What Ascribe is, in three sentences. */
export function Explanation() {
  return (
    <p class="lede">
      Ascribe reads the transcripts that Claude Code keeps on this machine, and the git repositories
      that those sessions worked in. It links each session with the commits that came from it, and
      says on what evidence. Nothing leaves this machine.
    </p>
  );
}
