/** The first and last day of a filter. */
export function DateFields({ from, to }: { from?: number; to?: number }) {
  return (
    <>
      <label>
        From
        <input type="date" name="from" value={dayOf(from)} />
      </label>
      <label>
        To
        <input type="date" name="to" value={dayOf(to)} />
      </label>
    </>
  );
}

function dayOf(at: number | undefined): string | undefined {
  return at === undefined ? undefined : new Date(at).toISOString().slice(0, 10);
}
